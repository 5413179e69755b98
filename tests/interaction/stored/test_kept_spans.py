"""What control did for a call, kept as one tree with what the gateway did."""

from pathlib import Path

from mainspring.testing.ports import free_port
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.site import open_site
from tests.fixtures.traces import names, ways


async def test_a_call_of_the_playground_is_one_tree_from_control_to_the_upstream(
    database_dsn: str, tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with open_site(database_dsn, tmp_path, upstream, gateway_url=url) as site:
        await site.add_gateway(port=port)
        project, _ = await site.tenant("acme")
        await site.has_caught_up()
        sampled = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
        # Looking at the platform is done for no tenant, and is not kept.
        assert (await site.admin.get("/models", headers=sampled)).status_code == 200
        answer = await site.admin.post(
            "/playground/chat/completions",
            params={"project_id": project},
            json={"model": "scripted", "messages": [{"role": "user", "content": "hi"}]},
            headers=sampled,
        )
        assert answer.status_code == 200, answer.text
        [way] = await ways(site, "a" * 32, calls=1)
        whole = (await site.admin.get(f"/traces/{'a' * 32}")).json()
    assert names(way) == [
        "control POST /api/v1/playground/chat/completions",
        "gateway POST /v1/chat/completions",
        "gateway chat scripted",
    ]
    assert whole["spans"] == 3
    control, gateway, _ = way
    assert control["parent_id"] == "b" * 16
    assert control["request_id"] == answer.headers["x-request-id"]
    assert gateway["request_id"] == answer.headers["x-mainspring-call"]
    assert {span["project_id"] for span in way} == {project}
