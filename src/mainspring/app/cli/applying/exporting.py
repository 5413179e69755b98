"""The platform as the files that would make it: the reverse of applying.

One table says how each section and each part of an organisation is read back; a kind that joins
the documents joins by one entry (a test compares the two). What comes out is in one order, so that
two exports of the same state are the same, byte for byte.

Never in it: secrets. Where one is needed, the file names the variable or the file that holds it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias, Union, get_args, get_origin

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying import documents as shapes
from mainspring.app.cli.applying.channel_documents import ChannelDocument
from mainspring.app.cli.applying.dataset_documents import DatasetDocument
from mainspring.app.cli.applying.gpu_price_documents import GpuPriceDocument
from mainspring.app.cli.applying.grant_documents import ModelGrantDocument
from mainspring.app.cli.applying.oversight_documents import FourEyesDocument, SignInDocument
from mainspring.app.cli.applying.provider_documents import (
    IdentityProviderDocument,
    ProviderRuleDocument,
)
from mainspring.app.cli.applying.release_documents import (
    ModelReleaseDocument,
    ReleaseTargetDocument,
)
from mainspring.app.cli.applying.slo_documents import SloDocument
from mainspring.app.cli.connection import ControlClient

Declared: TypeAlias = dict[str, Any]
"""A document as YAML will hold it."""


class Names:
    """What ids stand for, so that files speak of slugs and names."""

    def __init__(
        self, client: ControlClient, now: datetime, items: dict[str, str] | None = None
    ) -> None:
        """``items`` takes the files of data sets' items, and whose they are."""
        self.client = client
        self.now = now
        self.items = items
        self.organizations = sorted(client.items("/organizations"), key=_by("slug"))
        self.slugs = {each["id"]: each["slug"] for each in self.organizations}
        self.projects: dict[str, list[dict[str, Any]]] = {}
        self.project_slugs: dict[str, str] = {}
        self.keys: dict[str, list[dict[str, Any]]] = {}
        for organization in self.organizations:
            found = client.items(f"/organizations/{organization['id']}/projects")
            projects = sorted(found, key=_by("slug"))
            self.projects[organization["id"]] = projects
            for project in projects:
                self.project_slugs[project["id"]] = project["slug"]
                self.keys[project["id"]] = _first_of_each_name(
                    each
                    for each in client.items(f"/projects/{project['id']}/keys")
                    # A key of an access request is its requester's, and no configuration.
                    if not (each.get("revoked_at") or each["granted"] or _is_over(each, now))
                )
        self.key_names = {key["id"]: key["name"] for keys in self.keys.values() for key in keys}
        upstreams = client.items("/upstreams")
        self.upstreams = sorted(upstreams, key=_by("name"))
        self.upstream_names = {each["id"]: each["name"] for each in self.upstreams}


def export(
    client: ControlClient, now: datetime, *, items: dict[str, str] | None = None
) -> dict[str, list[Declared] | Declared]:
    """Return every section with its documents, in the order in which they are applied.

    Keys that are revoked, or expired ``now``, are left out. Where there is ``items``, it takes for
    each data set the name of the file that its items are to stand in, and the data set's id;
    without it, documents of data sets name none.

    Raises:
        CommandError: if the control plane refuses something.
    """
    names = Names(client, now, items)
    sections: dict[str, list[Declared] | Declared] = {
        **{name: read(names) for name, read in SECTION_READERS.items()},
        **{name: read(names) for name, read in SINGLE_READERS.items()},
    }
    return {name: found for name, found in sections.items() if found}


def _organizations(names: Names) -> list[Declared]:
    return [
        declared(
            shapes.OrganizationDocument,
            organization,
            **{part: read(names, organization) for part, read in PART_READERS.items()},
        )
        for organization in names.organizations
    ]


def _projects(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    return [
        declared(
            shapes.ProjectDocument,
            project,
            keys=[
                declared(
                    shapes.KeyDocument,
                    key,
                    secret_file=_file(organization["slug"], project["slug"], key["name"], "key"),
                )
                for key in names.keys[project["id"]]
            ],
            datasets=_datasets(names, organization, project),
        )
        for project in names.projects[organization["id"]]
    ]


def _datasets(
    names: Names, organization: Mapping[str, Any], project: Mapping[str, Any]
) -> list[Declared]:
    found: list[Declared] = []
    present = names.client.items(f"/projects/{project['id']}/datasets")
    for dataset in sorted(present, key=_by("name")):
        file = None
        if names.items is not None and dataset["item_count"]:
            owner = (organization["slug"], project["slug"], dataset["name"])
            file = _unused(_file(*owner, "jsonl", folder="datasets"), names.items)
            names.items[file] = dataset["id"]
        found.append(declared(DatasetDocument, dataset, items_file=file))
    return found


def _roles(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    found = names.client.items(f"/organizations/{organization['id']}/roles")
    own = (each for each in found if not each["built_in"])
    return [declared(shapes.RoleDocument, each) for each in sorted(own, key=_by("name"))]


def _members(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    found = names.client.items(f"/organizations/{organization['id']}/members")
    return [declared(shapes.MemberDocument, each) for each in sorted(found, key=_by("email"))]


def _groups(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    groups: list[Declared] = []
    found = names.client.items(f"/organizations/{organization['id']}/groups")
    for group in sorted(found, key=_by("name")):
        members = names.client.items(f"/groups/{group['id']}/members")
        roles = [
            declared(
                shapes.RoleAtDocument, each, project=names.project_slugs.get(each["project_id"])
            )
            for each in group["roles"]
        ]
        groups.append(
            declared(
                shapes.GroupDocument,
                group,
                roles=sorted(roles, key=lambda each: (each["role"], each.get("project", ""))),
                members=sorted(each["email"] for each in members),
            )
        )
    return groups


def _token_issuers(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    found = names.client.items(f"/organizations/{organization['id']}/token-issuers")
    return [
        declared(
            shapes.TokenIssuerDocument,
            issuer,
            keys_file=(
                _file(organization["slug"], issuer["name"], "jwks.json")
                if issuer["static_keys"]
                else None
            ),
            grants=[
                declared(
                    shapes.TokenGrantDocument,
                    each,
                    project=names.project_slugs.get(each["project_id"]),
                )
                for each in issuer["grants"]
            ],
        )
        for issuer in sorted(found, key=_by("name"))
    ]


def _platform_providers(names: Names) -> list[Declared]:
    return _providers(names, "/identity-providers", ())


def _identity_providers(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    path = f"/organizations/{organization['id']}/identity-providers"
    return _providers(names, path, (organization["slug"],))


def _providers(names: Names, path: str, owner: tuple[str, ...]) -> list[Declared]:
    return [
        declared(
            IdentityProviderDocument,
            provider,
            client_secret_env=(
                _variable(*owner, provider["name"], kind="CLIENT_SECRET")
                if provider["has_secret"]
                else None
            ),
            rules=[
                declared(
                    ProviderRuleDocument,
                    rule,
                    # A rule of an organisation's own provider speaks of that organisation.
                    organization=None if owner else names.slugs.get(rule["org_id"]),
                )
                for rule in provider["rules"]
            ],
        )
        for provider in sorted(names.client.items(path), key=_by("name"))
    ]


def _platform_rules(names: Names) -> list[Declared]:
    return _rules(names, None)


def _access_rules(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    return _rules(names, organization["id"])


def _rules(names: Names, org_id: str | None) -> list[Declared]:
    groups: dict[str, str] = {}
    if org_id is not None:
        found = names.client.items(f"/organizations/{org_id}/groups")
        groups = {f"group:{each['id']}": f"group:{each['name']}" for each in found}
    return [
        declared(
            shapes.AccessRuleDocument,
            rule,
            projects=[names.project_slugs[each] for each in rule["project_ids"]],
            steps=[
                declared(
                    shapes.ApprovalStepDocument,
                    step,
                    approvers=[groups.get(each, each) for each in step["approvers"]],
                )
                for step in rule["steps"]
            ],
        )
        for rule in sorted(
            names.client.get("/access-rules", org_id=org_id)["items"], key=_by("name")
        )
        # The platform's rules concern every organisation, and are told beside its own.
        if rule["org_id"] == org_id
    ]


def _service_accounts(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    found = names.client.items(f"/organizations/{organization['id']}/service-accounts")
    return [
        declared(
            shapes.ServiceAccountDocument,
            account,
            # Their order counts: tokens act in the first unless they name another.
            projects=[names.project_slugs[each] for each in account["project_ids"]],
            secret_file=_file(organization["slug"], account["name"], "secret"),
        )
        for account in sorted(found, key=_by("name"))
    ]


def _directory_tokens(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    found = names.client.items(f"/organizations/{organization['id']}/directory-tokens")
    return [
        declared(
            shapes.DirectoryTokenDocument,
            token,
            secret_file=_file(organization["slug"], token["name"], "scim"),
        )
        for token in _first_of_each_name(each for each in found if not _is_over(each, names.now))
    ]


def _upstreams(names: Names) -> list[Declared]:
    return [
        declared(
            shapes.UpstreamDocument,
            upstream,
            credential_env=_variable(upstream["name"]) if upstream["has_credential"] else None,
            passthrough=_passthrough(names, upstream.get("passthrough")),
        )
        for upstream in names.upstreams
    ]


def _gpu_prices(names: Names) -> list[Declared]:
    prices = [
        declared(
            GpuPriceDocument,
            price,
            upstream=names.upstream_names[price["upstream_id"]],
            hourly=price["hourly_nanos"],
        )
        for price in names.client.items("/gpu-prices")
        # Of a server that is gone nothing is priced any more.
        if price["upstream_id"] in names.upstream_names
    ]
    return sorted(
        prices,
        key=lambda each: (each["upstream"], each.get("upstream_model", ""), each["valid_from"]),
    )


def _passthrough(names: Names, present: Mapping[str, Any] | None) -> Declared | None:
    if present is None:
        return None
    # Without its organisations a document would let all of them pass.
    org_ids: list[str] | None = present["org_ids"]
    slugs = None if org_ids is None else sorted(names.slugs[each] for each in org_ids)
    return declared(shapes.PassthroughDocument, present, organizations=slugs)


def _models(names: Names) -> list[Declared]:
    found = names.client.items("/models")
    models = [
        declared(
            shapes.ModelDocument,
            model,
            organization=names.slugs.get(model["org_id"]),
            targets=[
                declared(
                    shapes.TargetDocument,
                    target,
                    upstream=names.upstream_names[target["upstream_id"]],
                )
                for target in model["targets"]
            ],
        )
        for model in found
    ]
    return sorted(models, key=lambda each: (each.get("organization", ""), each["name"]))


def _releases(names: Names) -> list[Declared]:
    models = {each["id"]: each for each in names.client.items("/models")}
    releases = [
        declared(
            ModelReleaseDocument,
            release,
            model=models[release["model_id"]]["name"],
            organization=names.slugs.get(models[release["model_id"]]["org_id"]),
            targets=[
                declared(
                    ReleaseTargetDocument,
                    target,
                    upstream=names.upstream_names[target["upstream_id"]],
                )
                for target in release["targets"]
            ],
        )
        for release in names.client.items("/releases")
        # What was rolled back or overtaken is history: no file brings anything there.
        if release["state"] not in ("rolled_back", "superseded")
    ]
    return sorted(
        releases,
        key=lambda each: (each.get("organization", ""), each["model"], each["version"]),
    )


def _policies(names: Names) -> list[Declared]:
    policies = [
        declared(
            shapes.PolicyDocument,
            policy,
            organization=names.slugs.get(policy["org_id"]),
            project=names.project_slugs.get(policy["project_id"]),
            key=names.key_names.get(policy["key_id"]),
        )
        for policy in names.client.items("/policies")
        # One that is attached to a key that is gone holds for nobody.
        if policy["key_id"] is None or policy["key_id"] in names.key_names
    ]
    return sorted(policies, key=lambda each: (each.get("organization", ""), each["name"]))


def _slos(names: Names) -> list[Declared]:
    found = [declared(SloDocument, each) for each in names.client.items("/slos")]
    return sorted(found, key=_by("name"))


def _model_grants(names: Names) -> list[Declared]:
    grants = [
        declared(
            ModelGrantDocument,
            grant,
            organization=names.slugs[grant["org_id"]],
            project=names.project_slugs.get(grant["project_id"]),
        )
        for grant in names.client.items("/model-grants")
        if not _is_over(grant, names.now)
    ]
    return sorted(
        grants, key=lambda each: (each["organization"], each.get("project", ""), each["model"])
    )


def _platform_channels(names: Names) -> list[Declared]:
    return _channels(names, "/notification-channels", ())


def _organization_channels(names: Names, organization: Mapping[str, Any]) -> list[Declared]:
    path = f"/organizations/{organization['id']}/notification-channels"
    return _channels(names, path, (organization["slug"],))


def _channels(names: Names, path: str, owner: tuple[str, ...]) -> list[Declared]:
    found: list[Declared] = []
    for channel in sorted(names.client.items(path), key=_by("name")):
        email = channel["email"]
        sealed = {
            "url_env": "URL" if email is None else None,
            "secret_env": "SECRET" if channel["is_signed"] else None,
            "password_env": "PASSWORD" if email is not None and email["username"] else None,
        }
        variables = {
            field: _variable(*owner, channel["name"], kind=f"CHANNEL_{kind}")
            for field, kind in sealed.items()
            if kind is not None
        }
        found.append(declared(ChannelDocument, {**channel, **variables}))
    return found


SECTION_READERS: dict[str, Callable[[Names], list[Declared]]] = {
    "organizations": _organizations,
    "identity_providers": _platform_providers,
    "upstreams": _upstreams,
    "gpu_prices": _gpu_prices,
    "models": _models,
    "releases": _releases,
    "policies": _policies,
    "access_rules": _platform_rules,
    "slos": _slos,
    "model_grants": _model_grants,
    "notification_channels": _platform_channels,
}
"""How each section of the files is read back, in the order of applying."""

SINGLE_READERS: dict[str, Callable[[Names], Declared]] = {
    "sign_in": lambda names: declared(SignInDocument, names.client.get("/sign-in-policy")),
    "four_eyes": lambda names: declared(FourEyesDocument, names.client.get("/four-eyes")),
}
"""How what there is one of is read back."""

PART_READERS: dict[str, Callable[[Names, Mapping[str, Any]], list[Declared]]] = {
    "projects": _projects,
    "roles": _roles,
    "members": _members,
    "groups": _groups,
    "token_issuers": _token_issuers,
    "identity_providers": _identity_providers,
    "service_accounts": _service_accounts,
    "directory_tokens": _directory_tokens,
    "access_rules": _access_rules,
    "notification_channels": _organization_channels,
}
"""How each part of an organisation is read back."""


def declared(shape: type[msgspec.Struct], present: Mapping[str, Any], **known: Any) -> Declared:  # noqa: ANN401 - decoded JSON
    """Return what ``present``, as the API tells it, is in a document of that ``shape``.

    ``known`` are the fields that the API tells otherwise. What is absent, and what is at the
    document's own default, is left out.
    """
    found: Declared = {}
    for field in msgspec.structs.fields(shape):
        value = known[field.name] if field.name in known else present.get(field.name)
        value = _plain(field.type, value)
        if value is None or _is_default(field, value):
            continue
        found[field.name] = value
    return found


def _plain(wanted: Any, value: Any) -> Any:  # noqa: ANN401 - a type's form, decoded JSON
    """Return ``value`` with the fields alone that the documents inside know."""
    if isinstance(value, dict):
        shape = _struct_in(wanted)
        present: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType] - JSON
        return present if shape is None else declared(shape, present)
    if isinstance(value, list | tuple):
        inner = _item_of(wanted)
        items: list[Any] | tuple[Any, ...] = value  # pyright: ignore[reportUnknownVariableType] - JSON
        return [_plain(inner, each) for each in items]
    return value


def _is_default(field: msgspec.structs.FieldInfo, value: object) -> bool:
    default: object = field.default
    if field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    if default is msgspec.NODEFAULT or default is UNSET:
        return False
    return bool(_plain(field.type, msgspec.to_builtins(default)) == value)


def _struct_in(wanted: Any) -> type[msgspec.Struct] | None:  # noqa: ANN401 - a type's form
    for each in _members_of(wanted):
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            return each
    return None


def _item_of(wanted: Any) -> Any:  # noqa: ANN401 - a type's form
    for each in _members_of(wanted):
        if get_origin(each) in (list, tuple):
            return get_args(each)[0]
    return None


def _members_of(wanted: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type's form
    is_union = get_origin(wanted) is Union or type(wanted).__name__ == "UnionType"
    return get_args(wanted) if is_union else (wanted,)


def _by(field: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda each: str(each[field])


def _is_over(item: Mapping[str, Any], now: datetime) -> bool:
    expires_at = item.get("expires_at")
    return expires_at is not None and datetime.fromisoformat(expires_at) <= now


def _first_of_each_name(keys: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return keys by name; of several with one name (a rotation under way) the newest."""
    newest: dict[str, dict[str, Any]] = {}
    for key in sorted(keys, key=_by("created_at")):
        newest[key["name"]] = key
    return [newest[name] for name in sorted(newest)]


def _file(*parts: str, folder: str = "secrets") -> str:
    """Return the name of a file in ``folder``; whatever a name holds, it stays there."""
    *names, suffix = parts
    plain = ".".join(re.sub(r"[^A-Za-z0-9_-]+", "_", name) for name in names)
    return f"{folder}/{plain}.{suffix}"


def _unused(file: str, used: Mapping[str, str]) -> str:
    """Return ``file``, with a number where another data set has that name already."""
    stem, _, suffix = file.rpartition(".")
    return next(
        name
        for name in (file, *(f"{stem}-{number}.{suffix}" for number in range(2, len(used) + 3)))
        if name not in used
    )


def _variable(*names: str, kind: str = "CREDENTIAL") -> str:
    return "_".join(
        (kind, *(re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") for name in names))
    )
