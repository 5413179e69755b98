"""The playground beside chat: vectors compared, documents put in order."""

import asyncio
import secrets
import threading
from collections.abc import Generator
from concurrent.futures import Future

import pytest
from playwright.sync_api import expect

from mainspring.testing.upstream import ScriptedUpstream
from tests.e2e.console.visitor import Visit
from tests.fixtures.platform import EMBEDDING_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]


@pytest.fixture
def reranker() -> Generator[str]:
    """Serve a reranker from a thread of its own, for Playwright has the loop of this one."""
    ready: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        stop = asyncio.Event()
        async with ScriptedUpstream() as upstream:
            ready.set_result((upstream.url, asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    url, loop, stop = ready.result(timeout=10)
    yield url
    loop.call_soon_threadsafe(stop.set)
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_texts_are_compared_and_the_call_is_in_the_ledger(platform: Platform, visit: Visit) -> None:
    page = visit("/playground").page
    page.get_by_role("button", name="Embeddings").click()
    expect(page.get_by_label("Model", exact=True)).to_have_value(EMBEDDING_MODEL)
    texts = ["How do I reset my password?", "I forgot my password.", "The river rises in spring."]
    page.get_by_label("Texts").fill("\n".join(texts))
    page.get_by_role("button", name="Compare").click()
    closest = page.locator("[data-closest]")
    expect(closest).to_contain_text(texts[0])
    expect(closest).to_contain_text(texts[1])
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_text("384")).to_be_visible()
    page.get_by_role("button", name="View code").click()
    expect(page.get_by_role("dialog")).to_contain_text("client.embeddings.create(")
    page.keyboard.press("Escape")
    recorded = str(page.locator("[data-request]").get_attribute("data-request"))
    eventually(
        lambda: recorded in platform.recorded_requests(),
        within_s=20,
        what="the call is in the ledger",
    )


def test_documents_are_put_in_the_order_of_a_question(visit: Visit, reranker: str) -> None:
    visitor = visit("/playground?play=rerank")
    page = visitor.page
    expect(page.get_by_text("No model ranks documents here")).to_be_visible()
    name = f"rerank-{secrets.token_hex(3)}"
    upstream = visitor.call("POST", "/upstreams", {"name": name, "base_url": reranker})
    model = visitor.call(
        "POST",
        "/models",
        {
            "name": name,
            "tasks": ["rerank"],
            "targets": [{"upstream_id": upstream["id"], "upstream_model": "scripted"}],
        },
    )
    visitor.refusals.add(404)
    page.reload()
    page.get_by_label("Question").fill("what drives a watch")
    page.get_by_label("Documents").fill(
        "the river rises\nbills are due\na mainspring drives a watch"
    )
    first = page.locator("[data-document]").first

    def ordered() -> bool:
        # The gateway hears of a new model a moment after control does.
        page.get_by_role("button", name="Put in order").click()
        expect(first.or_(page.get_by_role("alert")).first).to_be_visible()
        return first.count() > 0

    eventually(ordered, within_s=15, what="the gateway knows the model")
    expect(first).to_contain_text("a mainspring drives a watch")
    expect(page.locator("[data-document]")).to_have_count(3)
    page.get_by_role("button", name="View code").click()
    expect(page.get_by_role("dialog")).to_contain_text("/v1/rerank")
    visitor.call("DELETE", f"/models/{model['id']}")
    visitor.call("DELETE", f"/upstreams/{upstream['id']}")
