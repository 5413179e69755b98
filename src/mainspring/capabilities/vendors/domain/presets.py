"""Presets: what is known of a vendor's API before anybody has typed anything in."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.dialects import UPSTREAM_DIALECTS

AuthStyle = Literal["bearer", "header", "sigv4", "none"]
"""How requests show the credential: ``Authorization: Bearer``, a header of the vendor's own, an AWS
signature, or not at all."""

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MAX_VALUE: Final = 253
"""As long as a host's name may be."""


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text for people, in both languages."""

    en: Annotated[str, msgspec.Meta(min_length=1)]
    zh: Annotated[str, msgspec.Meta(min_length=1)]


class Variable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of an address that only the reader knows, such as the name of a resource.

    ``pattern`` is a whole match; a value without one is a part of a host's name.
    """

    name: str
    title: Told
    example: str
    pattern: str = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    default: str | None = None


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of a vendor's addresses; ``region`` is where it answers from, as targets name it."""

    name: str
    title: Told
    base_url: str
    region: str | None = None


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A vendor, or a kind of server.

    The first of ``endpoints`` is the usual one. ``models_path`` is the route of its list of models
    (empty: none that is documented). ``checked`` is the month in which all this was compared with
    ``docs``.
    """

    id: str
    title: Told
    kind: Literal["vendor", "server"]
    protocol: str
    endpoints: Annotated[tuple[Endpoint, ...], msgspec.Meta(min_length=1)]
    auth: AuthStyle = "bearer"
    credential_header: str | None = None
    credential: Told | None = None
    credential_required: bool = True
    variables: tuple[Variable, ...] = ()
    models_path: str = "/v1/models"
    sigv4_region: str | None = None
    enforces_tool_choice: bool = True
    first_byte_s: float | None = None
    notes: Told
    docs: str
    checked: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$")]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a preset makes of the reader's choices: fields of an upstream."""

    base_url: str
    protocol: str
    credential_header: str | None = None
    sigv4_region: str | None = None
    enforces_tool_choice: bool = True
    first_byte_s: float | None = None
    total_s: float | None = None
    region: str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    presets: Annotated[tuple[Preset, ...], msgspec.Meta(min_length=1)]


def read_presets(text: str) -> dict[str, Preset]:
    """Return the presets of a TOML file by their ids, in the file's order.

    Raises:
        ValueError: if the file is not one of presets, or one of them contradicts itself.
    """
    presets: dict[str, Preset] = {}
    for preset in msgspec.toml.decode(text, type=_File).presets:
        try:
            _check(preset)
        except ValueError as error:
            raise ValueError(f"preset {preset.id}: {error}") from error
        if preset.id in presets:
            raise ValueError(f"preset {preset.id}: there are two of that id")
        presets[preset.id] = preset
    return presets


def filled(preset: Preset, endpoint: str | None, values: Mapping[str, str]) -> Draft:
    """Return the fields of an upstream for one of the preset's endpoints (``None``: the usual one).

    Raises:
        InvalidRequestError: if there is no such endpoint, or a value is missing, does not fit or
            belongs to no variable.
    """
    chosen = next(
        (each for each in preset.endpoints if endpoint is None or each.name == endpoint), None
    )
    if chosen is None:
        known = ", ".join(each.name for each in preset.endpoints)
        raise InvalidRequestError(f"the endpoint is one of {known}", param="endpoint")
    templates = (chosen.base_url, preset.sigv4_region or "", chosen.region or "")
    wanted = {name for template in templates for name in _PLACEHOLDER.findall(template)}
    variables = {variable.name: variable for variable in preset.variables}
    strangers = sorted(values.keys() - variables.keys())
    if strangers:
        known = ", ".join(variables) or "none"
        raise InvalidRequestError(
            f"{preset.id} has no variable {strangers[0]}; it has {known}", param="values"
        )
    given = {name: _value(variables[name], values.get(name)) for name in sorted(wanted)}

    def put(template: str | None) -> str | None:
        return None if template is None else template.format_map(given)

    return Draft(
        base_url=put(chosen.base_url) or "",
        protocol=preset.protocol,
        credential_header=preset.credential_header,
        sigv4_region=put(preset.sigv4_region),
        enforces_tool_choice=preset.enforces_tool_choice,
        first_byte_s=preset.first_byte_s,
        total_s=None if preset.first_byte_s is None else 2 * preset.first_byte_s,
        region=put(chosen.region),
    )


def _value(variable: Variable, given: str | None) -> str:
    value = variable.default if given is None else given
    if value is None:
        raise InvalidRequestError(
            f"give {variable.name} ({variable.title.en}), for example {variable.example}",
            param="values",
        )
    if len(value) > _MAX_VALUE or not re.fullmatch(variable.pattern, value):
        raise InvalidRequestError(
            f"{variable.name} does not look like {variable.example}", param="values"
        )
    return value


def _check(preset: Preset) -> None:
    """Raise ``ValueError`` where a preset could not be used as it stands."""
    if not _NAME.fullmatch(preset.id):
        raise ValueError("an id has lower-case letters, digits and -")
    if preset.protocol not in UPSTREAM_DIALECTS:
        raise ValueError(f"there is no protocol {preset.protocol}")
    if (preset.auth == "header") != (preset.credential_header is not None):
        raise ValueError("auth is header exactly where there is a credential_header")
    if (preset.auth == "sigv4") != (preset.sigv4_region is not None):
        raise ValueError("auth is sigv4 exactly where there is a sigv4_region")
    if (preset.auth == "none") != (preset.credential is None):
        raise ValueError("credential says what to paste exactly where auth is not none")
    if not preset.docs.startswith("https://"):
        raise ValueError("docs is a link")
    _check_addresses(preset)


def _check_addresses(preset: Preset) -> None:
    names = [endpoint.name for endpoint in preset.endpoints]
    variables = [variable.name for variable in preset.variables]
    for each in (names, variables):
        if len(set(each)) != len(each):
            raise ValueError(f"a name comes twice in {each}")
    used: set[str] = set()
    examples = {variable.name: variable.example for variable in preset.variables}
    for endpoint in preset.endpoints:
        templates = (endpoint.base_url, preset.sigv4_region or "", endpoint.region or "")
        used |= {name for template in templates for name in _PLACEHOLDER.findall(template)}
        if not re.match(r"https?://[^/\s]+", endpoint.base_url) or endpoint.base_url[-1] == "/":
            raise ValueError(f"{endpoint.base_url} is not a base URL")
    if used != set(variables):
        raise ValueError(f"the addresses need {sorted(used)}, there are {sorted(variables)}")
    for variable in preset.variables:
        for value in (variable.example, variable.default):
            if value is not None and not re.fullmatch(variable.pattern, value):
                raise ValueError(f"{value!r} does not fit the pattern of {variable.name}")
    for name in names:
        filled(preset, name, examples)
