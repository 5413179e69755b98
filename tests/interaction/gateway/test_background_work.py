"""What accompanies traffic may fail; it begins anew."""

import pytest

from mainspring.gateway.control_link.heartbeat import HeartbeatPoster
from mainspring.testing.control import ScriptedControl
from tests.fixtures.gateway import Stand


async def test_a_task_that_fails_is_started_again(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = 0
    real = HeartbeatPoster.post

    async def post(self: HeartbeatPoster) -> None:
        nonlocal posts
        posts += 1
        if posts == 1:
            raise RuntimeError("a bug of ours")
        await real(self)

    monkeypatch.setattr(HeartbeatPoster, "post", post)
    async with ScriptedControl() as control:
        token = stand.directory / "internal.token"
        token.touch(mode=0o600)
        token.write_text(control.token)
        await stand.gateway.stop(0.1)
        stand.configure(control_url=control.url, internal_token_file=token)
        await stand.start()
        await control.until(lambda: stand.settings.gateway_id in control.heartbeats)
        await stand.gateway.stop(0.1)
        await stand.start()
