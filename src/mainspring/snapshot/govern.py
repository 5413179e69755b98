"""Holding a request to what policies come to.

Used by gateways, and by whoever replays recorded calls against rules that are only proposed. Only
the outer object of a body is taken apart, and of its members only those that a rule concerns;
where nothing has to change the body stays as it came, byte for byte.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

import msgspec
from msgspec import UNSET

from mainspring.kernel.errors import (
    ContextTooLongError,
    InvalidRequestError,
    ParameterDeniedError,
    ParameterOutOfRangeError,
)
from mainspring.snapshot.parameter_places import (
    LOGPROBS,
    Path,
    companions_of,
    place_to_write,
    places_of,
)
from mainspring.snapshot.parameters import KEEP, Act, Judgement, Parameter, judge
from mainspring.snapshot.policy_rules import (
    CONTEXT_LENGTH,
    IMPLICIT,
    MAX_TOKENS,
    STREAM,
    TOOLS,
)
from mainspring.wire.openai.forms import read_fields
from mainspring.wire.openai.tokenizers import estimate_prompt

_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_encoder = msgspec.json.Encoder()
_SWITCHES: Final = frozenset({STREAM, LOGPROBS})
"""What is off where it is false: saying so is as good as saying nothing."""
_OF_TOOLS: Final[tuple[Path, ...]] = (("tool_choice",), ("function_call",))
_OF_ANY_TOOL: Final[tuple[Path, ...]] = (("parallel_tool_calls",),)
_LOGPROBS_INCLUDED: Final = "message.output_text.logprobs"


class Governed(msgspec.Struct, frozen=True):
    """A request that was changed: its body, and the members that were written or left out."""

    body: bytes
    adjusted: tuple[str, ...]
    dropped: tuple[str, ...]

    def then(self, later: "Governed") -> "Governed":
        """Return this and what was changed after it as one."""
        return Governed(
            later.body,
            tuple(dict.fromkeys(self.adjusted + later.adjusted)),
            tuple(dict.fromkeys(self.dropped + later.dropped)),
        )

    def line(self) -> bytes:
        """Return the line of an answer's head that names what was written, if anything was."""
        if not self.adjusted:
            return b""
        return b"x-mainspring-adjusted-params: %b\r\n" % ", ".join(self.adjusted).encode()


def govern(
    body: bytes,
    parameters: tuple[Parameter, ...],
    dialect: str | None,
    *,
    generates: bool,
) -> Governed | None:
    """Hold a JSON request to ``parameters``; ``None``: it is as it may be.

    ``generates`` tells whether servers assume values of what a request leaves out.

    Raises:
        ParameterDeniedError: if it has what may not be used.
        ParameterOutOfRangeError: if a value is beyond a bound that refuses.
        ContextTooLongError: if its prompt is too long.
        InvalidRequestError: if it cannot be read.
    """
    try:
        request = _Request(body, dialect)
        for parameter in parameters:
            if parameter.name == CONTEXT_LENGTH:
                _check_length(parameter, body)
            elif parameter.name == TOOLS:
                _govern_tools(request, parameter)
            else:
                _govern_one(request, parameter, generates=generates)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequestError(f"the request does not fit: {error}") from error
    return request.governed()


def check_form(body: bytes, parameters: tuple[Parameter, ...]) -> None:
    """Hold an upload to ``parameters``. A form is not rewritten: what does not fit is refused.

    Raises:
        ParameterDeniedError: if it has what may not be used, or would have to be changed.
        ParameterOutOfRangeError: if a value is beyond a bound that refuses.
        InvalidRequestError: if it cannot be read.
    """
    check_fields(read_fields(body, {each.name.encode() for each in parameters}), parameters)


def check_fields(fields: Mapping[bytes, bytes], parameters: tuple[Parameter, ...]) -> None:
    """Hold the fields of a form to ``parameters``, as :func:`check_form` does."""
    wanted = {each.name.encode(): each for each in parameters}
    for name, parameter in wanted.items():
        raw = fields.get(name)
        if raw is None:
            continue
        value: object = raw.decode("utf-8", "replace")
        if parameter.bounded:
            try:
                value = float(raw)
            except ValueError:
                raise ParameterOutOfRangeError(
                    f"{parameter.name} must be a number", param=parameter.name
                ) from None
        found = judge(parameter, value)
        _refuse(found, parameter.name)
        if found.act is not Act.KEEP:
            raise ParameterDeniedError(
                f"{parameter.name} may not have this value", param=parameter.name
            )


class _Request:
    """A body in parts, and what was done to them."""

    def __init__(self, body: bytes, dialect: str | None) -> None:
        self.dialect = dialect
        self._fields: dict[str, Any] = dict(_decoder.decode(body))
        self._adjusted: dict[str, None] = {}
        self._dropped: dict[str, None] = {}

    def get(self, path: Path) -> object:
        """Return the value there; ``UNSET`` where nothing, or ``null``, is."""
        raw = self._fields.get(path[0])
        if raw is None:
            return UNSET
        value: object = msgspec.json.decode(raw)
        for name in path[1:]:
            if not isinstance(value, dict):
                return UNSET
            value = cast("dict[str, object]", value).get(name)
        return UNSET if value is None else value

    def set(self, path: Path, value: object) -> None:
        """Write ``value`` there."""
        self._adjusted[".".join(path)] = None
        if len(path) == 1:
            self._fields[path[0]] = msgspec.Raw(_encoder.encode(value))
            return
        parent = self._parent(path)
        parent[path[1]] = value
        self._fields[path[0]] = msgspec.Raw(_encoder.encode(parent))

    def drop(self, path: Path) -> None:
        """Leave out what is there."""
        self._dropped[".".join(path)] = None
        if len(path) == 1:
            del self._fields[path[0]]
            return
        parent = self._parent(path)
        parent.pop(path[1], None)
        if parent:
            self._fields[path[0]] = msgspec.Raw(_encoder.encode(parent))
        else:
            del self._fields[path[0]]

    def governed(self) -> Governed | None:
        """Return the request, if anything was done to it."""
        if not self._adjusted and not self._dropped:
            return None
        return Governed(_encoder.encode(self._fields), tuple(self._adjusted), tuple(self._dropped))

    def _parent(self, path: Path) -> dict[str, object]:
        held = self.get(path[:1])
        return cast("dict[str, object]", held) if isinstance(held, dict) else {}


def _govern_one(request: _Request, parameter: Parameter, *, generates: bool) -> None:
    name = parameter.name
    absent = True
    for place in places_of(name, request.dialect):
        value = request.get(place)
        if value is UNSET or (value is False and name in _SWITCHES):
            continue
        absent = False
        if name == MAX_TOKENS and isinstance(value, int) and value <= 0:
            value = IMPLICIT[MAX_TOKENS]  # to some servers: without end
        _carry_out(request, name, place, judge(parameter, value))
    if parameter.denial is not None:
        _leave_out_companions(request, parameter)
    if not absent:
        return
    implicit = IMPLICIT.get(name) if generates else None
    found = judge(parameter, UNSET, implicit=implicit)
    if found.act is Act.SET and name != STREAM:
        request.set(place_to_write(name, parameter.written_as, request.dialect), found.value)


def _leave_out_companions(request: _Request, parameter: Parameter) -> None:
    denied = judge(parameter, True)
    for place in companions_of(parameter.name):
        if request.get(place) is not UNSET:
            _carry_out(request, ".".join(place), place, denied)
    if parameter.name == LOGPROBS and request.dialect == "openai-responses":
        included = request.get(("include",))
        if isinstance(included, list) and _LOGPROBS_INCLUDED in included:
            _refuse(denied, "include")
            request.drop(("include",))
            rest = [each for each in cast("list[object]", included) if each != _LOGPROBS_INCLUDED]
            if rest:
                request.set(("include",), rest)


def _govern_tools(request: _Request, parameter: Parameter) -> None:
    bare = msgspec.structs.replace(parameter, allowed=(), min=None, max=None)
    places = places_of(TOOLS, request.dialect)
    removed = False
    told = False
    for place in places:
        value = request.get(place)
        if value is UNSET:
            continue
        told = True
        found = judge(bare, value)
        if found is KEEP and isinstance(value, list):
            found = _judge_tools(parameter, cast("list[object]", value))
        removed = removed or found is not KEEP
        _carry_out(request, TOOLS, place, found)
    if removed:
        _leave_out_choice(request, places)
    if not told:
        found = judge(bare, UNSET)
        if found.act is Act.SET:
            request.set(places[0], found.value)


def _judge_tools(parameter: Parameter, tools: list[object]) -> Judgement:
    kept: list[object] = []
    for tool in tools:
        name = _tool_name(tool)
        outside = [each for each in parameter.allowed if not each.has(name)]
        if any(each.strict for each in outside):
            return Judgement(Act.DENY, why=f"may not hold {name[:100]!r}")
        if not outside:
            kept.append(tool)
    if len(kept) == len(tools):
        return KEEP
    return Judgement(Act.SET, kept) if kept else Judgement(Act.DROP)


def _leave_out_choice(request: _Request, places: tuple[Path, ...]) -> None:
    """Leave out what speaks of tools that are gone."""
    none_left = all(request.get(place) is UNSET for place in places)
    for place in _OF_TOOLS:
        if isinstance(request.get(place), dict) or (none_left and request.get(place) is not UNSET):
            request.drop(place)
    for place in _OF_ANY_TOOL:
        if none_left and request.get(place) is not UNSET:
            request.drop(place)


def _tool_name(tool: object) -> str:
    """Return the name of a tool in any dialect; of one that is built in, its type."""
    if not isinstance(tool, dict):
        return ""
    fields = cast("dict[str, object]", tool)
    function = fields.get("function")
    if isinstance(function, dict):
        fields = cast("dict[str, object]", function)
    name = fields.get("name") or fields.get("type")
    return name if isinstance(name, str) else ""


def _carry_out(request: _Request, name: str, place: Path, found: Judgement) -> None:
    _refuse(found, name)
    if found is KEEP:
        return
    if name == STREAM:
        # An answer of another form than was asked for is none that the caller could read.
        raise ParameterDeniedError("stream may not be used", param=STREAM)
    if found.act is Act.SET:
        request.set(place, found.value)
    else:
        request.drop(place)


def _refuse(found: Judgement, name: str) -> None:
    if found.act is Act.DENY:
        raise ParameterDeniedError(f"{name} {found.why}", param=name)
    if found.act is Act.REFUSE:
        raise ParameterOutOfRangeError(f"{name} {found.why}", param=name)


def _check_length(parameter: Parameter, body: bytes) -> None:
    bound = parameter.max
    if bound is None:
        return
    length = estimate_prompt(body)
    if length > bound.value:
        raise ContextTooLongError(
            f"the prompt has about {length} tokens; {bound.value} are allowed",
            param="messages",
        )
