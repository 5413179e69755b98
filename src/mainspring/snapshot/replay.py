"""Recorded calls against settings that are only proposed: what would have gone differently.

Pure: decided from the records and from two sets of resources, those that hold and the proposed
ones. Nothing is asked of anybody, and nothing is guessed: what a record does not tell is said not
to be judged.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from mainspring.kernel.errors import DataPolicyError, MainspringError
from mainspring.snapshot.data_policy import Place, breach, statements_of
from mainspring.snapshot.govern import govern
from mainspring.snapshot.policies import Effective, Subject, effective
from mainspring.snapshot.resources import (
    ApiKey,
    Model,
    ModelTarget,
    Organization,
    Policy,
    Project,
    Resource,
    Upstream,
)
from mainspring.snapshot.route_policy import SHADOW
from mainspring.snapshot.table import SnapshotTable

_ANTHROPIC_ONLY: Final = frozenset({"output_config", "output_format", "system", "stop_sequences"})
_SHOWN: Final = 64
_MAX_KNOWN: Final = 10_000


class Shape(msgspec.Struct, frozen=True):
    """What an operation of the ledger means to policies; ``judged``: its requests are JSON."""

    task: str
    dialect: str | None = None
    generates: bool = False
    judged: bool = True


OPERATIONS: Final[Mapping[str, Shape]] = {
    "chat": Shape("chat", "openai", generates=True),
    "responses": Shape("chat", "openai-responses", generates=True),
    "text_completion": Shape("completion", generates=True),
    "embeddings": Shape("embedding"),
    "moderation": Shape("moderation"),
    "rerank": Shape("rerank"),
    "image_generation": Shape("image"),
    "speech": Shape("speech"),
    "transcription": Shape("transcription", judged=False),
    "translation": Shape("transcription", judged=False),
    "image_edit": Shape("image", judged=False),
    "image_variation": Shape("image", judged=False),
    "realtime": Shape("realtime", generates=True, judged=False),
}
"""By their names in records. Messages of Anthropic's protocol are ``chat`` there, too; their bodies
tell them apart."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it was recorded.

    ``at`` is Unix seconds, ``model`` what was asked for. ``body`` is the request after the policies
    of its day, ``unread`` why there is none. ``tokens`` and ``cost`` (billionths of ``currency``)
    are what it used in the end, ``upstream_id`` and ``upstream_model`` the target that answered
    for ``served``, the model that did.
    """

    request_id: str
    at: float
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str
    model: str
    served: str
    upstream_id: str | None = None
    upstream_model: str | None = None
    body: bytes | None = None
    unread: str = ""
    tokens: int = 0
    cost: int | None = None
    currency: str | None = None
    duration_s: float = 0.0


class ParameterChange(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the request that would have been another one.

    Long and nested values are told by their size alone; ``absent`` ones were or would be left out.
    """

    name: str
    before: Any = None
    after: Any = None
    absent_before: bool = False
    absent_after: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What would have been different about one call.

    ``kind`` is ``refused`` (served as things are), ``allowed`` (refused as things are),
    ``parameters`` (sent with others) or ``target`` (served elsewhere). ``reason`` is the code of
    the refusal, and empty for the other two.
    """

    request_id: str
    at: float
    project_id: str
    model: str
    kind: str
    reason: str = ""
    detail: str = ""
    changes: tuple[ParameterChange, ...] = ()


class Judged(msgspec.Struct, frozen=True):
    """What was found of a call, and which questions its record does not answer."""

    findings: tuple[Finding, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Tell whether it would have been refused."""
        return any(each.kind == "refused" for each in self.findings)


class Settings:
    """What holds for calls: a snapshot, some of whose resources are replaced or gone."""

    def __init__(
        self,
        table: SnapshotTable,
        puts: Iterable[Resource] = (),
        gone: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._table = table
        self._puts = {(each.kind, each.key): each for each in puts}
        self._gone = frozenset(gone)
        self._known: dict[tuple[str, str, str | None, str, str], Effective] = {}

    def organization(self, org_id: str) -> Organization | None:
        """Return the organisation."""
        put = self._puts.get((Organization.kind, org_id))
        return put if isinstance(put, Organization) else self._table.organizations.get(org_id)

    def project(self, project_id: str) -> Project | None:
        """Return the project."""
        put = self._puts.get((Project.kind, project_id))
        return put if isinstance(put, Project) else self._table.projects.get(project_id)

    def key(self, key_id: str | None) -> ApiKey | None:
        """Return the key."""
        if key_id is None:
            return None
        put = self._puts.get((ApiKey.kind, key_id))
        return put if isinstance(put, ApiKey) else self._table.find_key_by_id(key_id)

    def model(self, name: str, org_id: str) -> Model | None:
        """Return the model that the organisation calls by ``name``."""
        found = self._table.find_model(name, org_id)
        if found is None:
            return None
        put = self._puts.get((Model.kind, found.id))
        return put if isinstance(put, Model) else found

    def upstream(self, upstream_id: str) -> Upstream | None:
        """Return the upstream."""
        return self._table.upstreams.get(upstream_id)

    def effective(self, call: Recorded, model: Model, task: str) -> Effective:
        """Return what policies come to for a call."""
        known = (call.org_id, call.project_id, call.key_id, model.name, task)
        found = self._known.get(known)
        if found is None:
            subject = Subject(
                org_id=call.org_id,
                project_id=call.project_id,
                key_id=call.key_id,
                model=model.name,
                task=task,
            )
            found = effective(self._policies(call), subject)
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[known] = found
        return found

    def _policies(self, call: Recorded) -> Iterable[Policy]:
        owners = [None, call.org_id, call.project_id, *filter(None, [call.key_id])]
        for policy in self._table.policies_of(*owners):
            named = (Policy.kind, policy.id)
            if named not in self._gone and named not in self._puts:
                yield policy
        for put in self._puts.values():
            if isinstance(put, Policy):
                yield put


def judge_call(call: Recorded, present: Settings, proposed: Settings) -> Judged:
    """Tell what of a call's parameters and target would have been different; limits are apart."""
    now = present.model(call.model, call.org_id)
    then = proposed.model(call.model, call.org_id)
    shape = OPERATIONS.get(call.operation)
    if now is None or then is None:
        return Judged(open=("model_gone",))
    findings: list[Finding] = []
    unknown: list[str] = []
    if shape is None or not shape.judged:
        unknown.append("not_json")
    elif call.body is None:
        unknown.append(call.unread or "contents_not_kept")
    else:
        found = _parameters(
            call,
            call.body,
            shape,
            present.effective(call, now, shape.task),
            proposed.effective(call, then, shape.task),
        )
        if found is not None:
            findings.append(found)
    moved = _target(call, present, proposed, unknown)
    if moved is not None:
        findings.append(moved)
    return Judged(tuple(findings), tuple(unknown))


def finding(call: Recorded, kind: str, **told: Any) -> Finding:  # noqa: ANN401 - fields of its own
    """Return a finding about ``call``."""
    return Finding(
        request_id=call.request_id,
        at=call.at,
        project_id=call.project_id,
        model=call.model,
        kind=kind,
        **told,
    )


def _parameters(
    call: Recorded, body: bytes, shape: Shape, now: Effective, then: Effective
) -> Finding | None:
    if now.parameters == then.parameters:
        return None
    before, after = _held(body, shape, now), _held(body, shape, then)
    if isinstance(after, MainspringError):
        if isinstance(before, MainspringError):
            return None
        return finding(call, "refused", reason=after.code, detail=after.detail)
    if isinstance(before, MainspringError):
        return finding(call, "allowed", reason=before.code, detail=before.detail)
    changes = _changes(before, after)
    return finding(call, "parameters", changes=changes) if changes else None


def _held(body: bytes, shape: Shape, rules: Effective) -> bytes | MainspringError:
    """Return the request as it is sent under ``rules``, or why it is refused."""
    try:
        governed = govern(body, rules.parameters, _dialect(body, shape), generates=shape.generates)
    except MainspringError as error:
        return error
    return body if governed is None else governed.body


def _dialect(body: bytes, shape: Shape) -> str | None:
    if shape.dialect == "openai":
        try:
            named = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        except msgspec.MsgspecError:
            return shape.dialect  # no object: that it cannot be read is said by whoever tries
        if not _ANTHROPIC_ONLY.isdisjoint(named):
            return "anthropic"
    return shape.dialect


def _changes(before: bytes, after: bytes) -> tuple[ParameterChange, ...]:
    if before == after:
        return ()
    one = msgspec.json.decode(before, type=dict[str, msgspec.Raw])
    other = msgspec.json.decode(after, type=dict[str, msgspec.Raw])
    found: list[ParameterChange] = []
    for name in sorted(one.keys() | other.keys()):
        was, would_be = one.get(name), other.get(name)
        if was is not None and would_be is not None and bytes(was) == bytes(would_be):
            continue
        found.append(
            ParameterChange(
                name=name,
                before=_shown(was),
                after=_shown(would_be),
                absent_before=was is None,
                absent_after=would_be is None,
            )
        )
    return tuple(found)


def _shown(raw: msgspec.Raw | None) -> Any:  # noqa: ANN401 - decoded JSON
    """Return a value that is short and plain; of anything else its size, for it may be content."""
    if raw is None:
        return None
    size = len(bytes(raw))
    value: object = msgspec.json.decode(raw)
    if isinstance(value, dict | list) or size > _SHOWN:
        return f"({size} bytes)"
    return value


def _target(
    call: Recorded, present: Settings, proposed: Settings, unknown: list[str]
) -> Finding | None:
    """Tell whether data policies keep the call from where it went."""
    if call.upstream_id is None:
        return None
    model = proposed.model(call.served, call.org_id)
    target = None if model is None else _target_of(model, call)
    if model is None or target is None:
        unknown.append("target_gone")
        return None
    before, after = _statements(call, present), _statements(call, proposed)
    if before == after or breach(after, _place(target, proposed)) is None:
        return None
    if breach(before, _place(target, present)) is not None:
        return None
    others = [
        each
        for each in model.targets
        if each.track != SHADOW and breach(after, _place(each, proposed)) is None
    ]
    if not others:
        return finding(
            call,
            "refused",
            reason=DataPolicyError.code,
            detail="no server of the model is where its data may go",
        )
    names = sorted({each.upstream_model for each in others})
    return finding(
        call, "target", detail=f"{target.upstream_model} is barred; left: {', '.join(names)}"
    )


def _statements(call: Recorded, settings: Settings) -> Any:  # noqa: ANN401 - a tuple of statements
    organization = settings.organization(call.org_id)
    project = settings.project(call.project_id)
    return statements_of(
        None if organization is None else organization.data_policy,
        None if project is None else project.data_policy,
    )


def _target_of(model: Model, call: Recorded) -> ModelTarget | None:
    for target in model.targets:
        if (target.upstream_id, target.upstream_model) == (call.upstream_id, call.upstream_model):
            return target
    return None


def _place(target: ModelTarget, settings: Settings) -> Place:
    upstream = settings.upstream(target.upstream_id)
    if upstream is None:
        return Place(target.region)
    return Place(target.region or upstream.region, upstream.hosting)
