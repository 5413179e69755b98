"""Checks of the running platform: its database, its parts, its models."""

import importlib.util
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from mainspring.app.cli.checks.finding import Finding, Verdict
from mainspring.app.cli.checks.subject import Subject
from mainspring.app.cli.texts import t
from mainspring.app.supervisor.state import PartCondition, RunState

_ANSWER_TIMEOUT_S = 60.0
_CONNECT_TIMEOUT_S = 5
_INFO_TIMEOUT_S = 5.0
_CLOCK_DIFFERENCE_S = 5.0


def check_database(subject: Subject) -> Sequence[Finding]:
    """Ask the external database for its time and schema; the embedded one is a part like others."""
    url = subject.environ.get("DATABASE_URL")
    if not url:
        return []
    if importlib.util.find_spec("psycopg") is None:
        return [Finding(check="database", verdict=Verdict.SKIPPED, text=t("doctor.no_driver"))]
    import psycopg  # noqa: PLC0415 - part of an extra

    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_TIMEOUT_S) as connection:
            row = connection.execute("SELECT extract(epoch FROM now())::float8").fetchone()
    except psycopg.Error as error:
        return [
            Finding(
                check="database",
                verdict=Verdict.PROBLEM,
                text=t("doctor.database.away", reason=" ".join(str(error).split())),
                hint=t("doctor.database.hint"),
            )
        ]
    difference = abs(time.time() - (float(row[0]) if row else 0.0))
    if difference > _CLOCK_DIFFERENCE_S:
        return [
            Finding(
                check="database",
                verdict=Verdict.WARNING,
                text=t("doctor.database.clock", seconds=difference),
                hint=t("doctor.clock.hint"),
            )
        ]
    return [Finding(check="database", verdict=Verdict.OK, text=t("doctor.database")), _schema(url)]


def _schema(url: str) -> Finding:
    """Compare the database's revision with this release's."""
    from mainspring.infra.db.migrate import migration_state  # noqa: PLC0415 - part of an extra
    from mainspring.kernel.errors import DatabaseUnavailableError, SchemaAheadError  # noqa: PLC0415 - likewise

    try:
        state = migration_state(url)
    except SchemaAheadError as error:
        text = t("doctor.schema.ahead", reason=error.detail)
        hint = t("doctor.schema.ahead.hint")
        return Finding(check="schema", verdict=Verdict.PROBLEM, text=text, hint=hint)
    except DatabaseUnavailableError:
        text, hint = t("doctor.database.away", reason="-"), t("doctor.database.hint")
        return Finding(check="schema", verdict=Verdict.PROBLEM, text=text, hint=hint)
    if state.is_current:
        text = t("doctor.schema", revision=state.head)
        return Finding(check="schema", verdict=Verdict.OK, text=text)
    if state.current is None:
        return Finding(check="schema", verdict=Verdict.OK, text=t("doctor.schema.empty"))
    return Finding(
        check="schema",
        verdict=Verdict.WARNING,
        text=t("doctor.schema.behind", revision=state.current, head=state.head),
        hint=t("doctor.schema.behind.hint"),
    )


def check_parts(subject: Subject) -> Sequence[Finding]:
    """Look whether every part of the run is ready."""
    if subject.run is None:
        text = t("not_running", home=subject.home.root)
        return [
            Finding(check="parts", verdict=Verdict.SKIPPED, text=text, hint=t("not_running.next"))
        ]
    return [
        Finding(
            check="parts",
            verdict=Verdict.OK if part.state is PartCondition.READY else Verdict.PROBLEM,
            text=t("doctor.part", name=part.name, state=part.state.value, restarts=part.restarts),
            hint=t("status.unwell.next", part=part.name),
        )
        for part in subject.run.parts.values()
    ]


def check_emergencies(subject: Subject) -> Sequence[Finding]:
    """Look whether somebody acts alone in an emergency."""
    if subject.run is None:
        return []
    try:
        token = subject.home.admin_token.read_text(encoding="utf-8").strip()
    except OSError:
        return []
    found = open_emergencies(subject.run.control_url, token)
    if found is None:
        return []
    if not found:
        text = t("doctor.no_break_glass")
        return [Finding(check="break-glass", verdict=Verdict.OK, text=text)]
    return [
        Finding(
            check="break-glass",
            verdict=Verdict.WARNING,
            text=t(
                "doctor.break_glass",
                user=each["user_id"],
                role=each["role"],
                until=each["until"],
                reason=each["reason"],
            ),
            hint=t("doctor.break_glass.hint", id=each["id"]),
        )
        for each in found
    ]


def open_emergencies(control_url: str, token: str) -> list[dict[str, Any]] | None:
    """Return who acts alone now; ``None`` where the control plane does not tell."""
    try:
        answer = httpx.get(
            f"{control_url}/api/v1/system/info",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_INFO_TIMEOUT_S,
            trust_env=False,  # it is our own control plane: no proxy stands between
        )
        found: list[dict[str, Any]] = answer.json()["break_glass"]
    except (httpx.HTTPError, ValueError, KeyError):
        return None
    return found


def check_models(subject: Subject) -> Sequence[Finding]:
    """Ask the embedded models for an answer, through the gateway and with the generated key."""
    if subject.run is None:
        return []
    try:
        key = subject.home.first_key.read_text(encoding="utf-8").strip()
    except OSError as error:
        text = t("doctor.models.no_key", path=subject.home.first_key, reason=error.strerror)
        return [Finding(check="models", verdict=Verdict.SKIPPED, text=text)]
    chat = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
    wanted: dict[str, tuple[str, str, Mapping[str, object]]] = {
        "llm": ("smollm2-135m-instruct", "/v1/chat/completions", chat),
        "embed": ("multilingual-e5-small", "/v1/embeddings", {"input": "Hi"}),
    }
    return [
        _ask(subject.run, key, *question)
        for part, question in wanted.items()
        if part in subject.run.parts
    ]


def _ask(run: RunState, key: str, model: str, path: str, body: Mapping[str, object]) -> Finding:
    started = time.monotonic()
    reason = ""
    try:
        answer = httpx.post(
            run.gateway_url + path,
            json={"model": model, **body},
            headers={"Authorization": f"Bearer {key}"},
            timeout=_ANSWER_TIMEOUT_S,
            trust_env=False,  # it is our own gateway: no proxy stands between
        )
        if not answer.is_success:
            reason = f"HTTP {answer.status_code}: {answer.text[:200]}"
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
    if reason:
        return Finding(
            check="models",
            verdict=Verdict.PROBLEM,
            text=t("doctor.model.silent", model=model, reason=reason),
            hint=t("doctor.model.hint"),
        )
    seconds = time.monotonic() - started
    return Finding(
        check="models", verdict=Verdict.OK, text=t("doctor.model", model=model, seconds=seconds)
    )
