"""The check of the master keys: that every part holds them, and that they open every secret."""

from collections.abc import Sequence
from typing import Any

import httpx

from mainspring.app.cli.checks.finding import Finding, Verdict
from mainspring.app.cli.checks.subject import Subject
from mainspring.app.cli.texts import t

_TIMEOUT_S = 20.0


def check_keys(subject: Subject) -> Sequence[Finding]:
    """Ask control which keys there are, who lacks one, and whether a secret cannot be read."""
    if subject.run is None:
        return []
    try:
        token = subject.home.admin_token.read_text(encoding="utf-8").strip()
        answer = httpx.get(
            f"{subject.run.control_url}/api/v1/secrets",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_TIMEOUT_S,
            trust_env=False,  # it is our own control plane: no proxy stands between
        )
        answer.raise_for_status()
        state: dict[str, Any] = answer.json()
    except (OSError, ValueError, httpx.HTTPError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        return [_finding(Verdict.PROBLEM, "doctor.keys.away", "doctor.keys.away.hint", reason)]
    return _found(state)


def _found(state: dict[str, Any]) -> list[Finding]:
    unreadable = sum(place["unreadable"] for place in state["places"])
    waiting = sum(place["waiting"] for place in state["places"]) - unreadable
    missing = sorted({name for key in state["keys"] for name in key["missing_at"]})
    found: list[Finding] = []
    if unreadable:
        text, hint = "doctor.keys.unreadable", "secrets.unreadable.next"
        found.append(_finding(Verdict.PROBLEM, text, hint, str(unreadable)))
    if missing:
        text, hint = "doctor.keys.missing", "doctor.keys.missing.hint"
        found.append(_finding(Verdict.WARNING, text, hint, ", ".join(missing)))
    if waiting > 0:
        text, hint = "doctor.keys.waiting", "doctor.keys.waiting.hint"
        found.append(_finding(Verdict.WARNING, text, hint, str(waiting)))
    ok = Finding(check="keys", verdict=Verdict.OK, text=t("doctor.keys", source=state["source"]))
    return found or [ok]


def _finding(verdict: Verdict, text: str, hint: str, what: str) -> Finding:
    return Finding(check="keys", verdict=verdict, text=t(text, what=what), hint=t(hint))
