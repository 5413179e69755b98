"""Effort and budget: two vocabularies for how hard a model should think, mapped both ways.

OpenAI names efforts and documents no token figures; Anthropic and Gemini take budgets. The figures
are ours: 1,024 is Anthropic's documented minimum, the steps above it double twice and then once,
so that each effort maps to a budget which maps back to the same effort.
"""

from mainspring.wire.events.request import ReasoningRequest

EFFORT_BUDGETS = {"none": 0, "minimal": 1024, "low": 2048, "medium": 8192, "high": 16384}
"""Thinking tokens for each effort."""


def budget_of(reasoning: ReasoningRequest | None) -> int | None:
    """Return the tokens to think with; ``None`` leaves it to the server, 0 asks for none."""
    if reasoning is None:
        return None
    if reasoning.budget_tokens is not None:
        return reasoning.budget_tokens
    return EFFORT_BUDGETS.get(reasoning.effort or "medium", EFFORT_BUDGETS["high"])


def effort_of(reasoning: ReasoningRequest | None) -> str | None:
    """Return the effort to ask for; ``None`` leaves it to the server."""
    if reasoning is None:
        return None
    if reasoning.effort is not None or reasoning.budget_tokens is None:
        return reasoning.effort
    for effort, budget in EFFORT_BUDGETS.items():
        if reasoning.budget_tokens <= budget:
            return effort
    return "high"
