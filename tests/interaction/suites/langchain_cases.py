"""LangChain's standard tests of chat models, with its OpenAI and Anthropic classes and our gateway.

Run by pytest in the environment of the suites, where langchain is and nothing of ours.
"""

import base64
import os
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ChatModelIntegrationTests, chat_models

URL = os.environ["TEST_API_BASE_URL"]
KEY = os.environ["SUITE_API_KEY"]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the picture that the tests show at hand: they would fetch one from the internet."""
    fetch = SimpleNamespace(get=lambda *_args, **_more: SimpleNamespace(content=PICTURE))
    monkeypatch.setattr(chat_models, "httpx", fetch)


class _Common(ChatModelIntegrationTests):
    @property
    def supports_json_mode(self) -> bool:
        return True

    @property
    def supports_image_inputs(self) -> bool:
        return True

    @property
    def supports_model_override(self) -> bool:
        return True

    @property
    def model_override_value(self) -> str:
        return "other"


class TestChatCompletions(_Common):
    """ChatOpenAI by /v1/chat/completions."""

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return ChatOpenAI

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {
            "model": "agent",
            "base_url": f"{URL}/v1",
            "api_key": KEY,
            "max_retries": 0,
            "stream_usage": True,
        }


class TestResponses(TestChatCompletions):
    """ChatOpenAI by /v1/responses."""

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {**super().chat_model_params, "use_responses_api": True}


class TestMessages(_Common):
    """ChatAnthropic by /v1/messages."""

    @property
    def supports_json_mode(self) -> bool:
        return False  # Anthropic's API has none

    @property
    def supports_anthropic_inputs(self) -> bool:
        return True

    @property
    def supports_image_tool_message(self) -> bool:
        return True

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return ChatAnthropic

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": "agent", "base_url": URL, "api_key": KEY, "max_retries": 0}


del _Common, ChatModelIntegrationTests
