"""The answer of a chat as records of calls keep it: one shape, whatever the protocol."""

from typing import Any

from mainspring.wire.events.answer import ChatAnswer, Choice


def kept_answer(answer: ChatAnswer) -> dict[str, Any]:
    """Return the JSON value: ``choices``, each with what it has of the fields below, and ``error``.

    ``text``, ``refusal``, ``reasoning``, ``tool_calls`` (``id``, ``name``, ``arguments``) and
    ``finish_reason``.
    """
    found: dict[str, Any] = {"choices": [_choice(each) for each in answer.choices]}
    if answer.failed is not None:
        found["error"] = answer.failed.message
    return found


def _choice(choice: Choice) -> dict[str, Any]:
    found: dict[str, Any] = {"text": choice.text}
    if choice.refusal:
        found["refusal"] = choice.refusal
    thoughts = "".join(block.text for block in choice.reasoning)
    if thoughts:
        found["reasoning"] = thoughts
    if choice.tool_calls:
        found["tool_calls"] = [
            {"id": call.id, "name": call.name, "arguments": call.arguments}
            for call in choice.tool_calls
        ]
    if choice.reason is not None:
        found["finish_reason"] = choice.reason
    return found
