"""G3: no upstream is reached at an address of a cloud's own services, whatever its name says."""

from typing import Any

import httpx
import pytest

from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.gateway import Stand

BODY = {"model": "named", "messages": [{"role": "user", "content": "hi"}]}


class Names:
    """A resolver whose answers change; what is asked of it is counted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stands_for: list[str] = []
        self.asked = 0
        monkeypatch.setattr("mainspring.gateway.http.reach.resolve", self.resolve)

    async def resolve(self, host: str, port: int) -> list[str]:
        """Return what a name stands for at this moment."""
        del port
        self.asked += 1
        assert host == "models.test"
        return self.stands_for


async def ask(stand: Stand) -> httpx.Response:
    """Call the model behind the name."""
    return await stand.http().post("/v1/chat/completions", json=BODY)


async def test_a_name_that_comes_to_stand_for_a_guarded_address_is_not_called(
    stand: Stand, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch)
    server = stand.builder.add_upstream(f"http://models.test:{upstream.port}", "named")
    stand.builder.add_model("named", server)
    stand.update()
    names.stands_for = ["169.254.169.254"]
    refused = await ask(stand)
    assert refused.json()["error"]["code"] == "upstream_unreachable"
    names.stands_for = ["::ffff:169.254.169.254", "127.0.0.1"]
    assert (await ask(stand)).status_code == 200
    assert names.asked == 2
    upstream.drop_connections()
    names.stands_for = ["fd00:ec2::254"]
    await ask(stand)  # may find that the connection of before is gone
    again = await ask(stand)
    assert again.json()["error"]["code"] == "upstream_unreachable"
    assert len(upstream.requests) == 1


async def test_numbers_that_only_resolvers_read_lead_nowhere(stand: Stand) -> None:
    made: list[Any] = []
    for number, host in enumerate(("2852039166", "0xA9FEA9FE", "[::ffff:a9fe:a9fe]")):
        server = stand.builder.add_upstream(f"http://{host}:80", f"odd {number}")
        made.append(stand.builder.add_model(f"odd-{number}", server))
    stand.update()
    for model in made:
        answer = await stand.http().post("/v1/chat/completions", json={**BODY, "model": model.name})
        assert answer.json()["error"]["code"] == "upstream_unreachable"


async def test_an_operator_may_lift_it(stand: Stand, upstream: ScriptedUpstream) -> None:
    await stand.gateway.stop(0.1)
    stand.configure(upstream_link_local="allow")
    await stand.start()
    # 0.0.0.0 is guarded too, and leads to this machine.
    server = stand.builder.add_upstream(f"http://0.0.0.0:{upstream.port}", "any")
    stand.builder.add_model("named", server)
    stand.update()
    assert (await ask(stand)).status_code == 200
