"""SCIM 2.0 for an organisation's directory: people and groups, at ``/scim/v2``.

Shapes, PATCH and filters are ``scim2-models``'; what follows from them is decided by the service.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from scim2_models import (
    Context,
    ListResponse,
    PatchOp,
    Resource,
    ResponseParameters,
    ScimFilter,
    TooManyException,
)
from scim2_models.path import Comparison
from starlette.responses import Response

from mainspring.capabilities.identity.api import (
    DirectoryService,
    GroupSaid,
    KnownGroup,
    KnownPerson,
    PersonSaid,
)
from mainspring.capabilities.identity.domain.directory import Wanted
from mainspring.capabilities.identity.http.scim_protocol import (
    CONFIG,
    DEFAULT_RESULTS,
    MAX_RESULTS,
    PERSON,
    RESOURCE_TYPES,
    SCHEMAS,
    Asking,
    Group,
    ScimRoute,
    answer,
    refusal,
)
from mainspring.infra.web import provided
from mainspring.kernel.errors import (
    InvalidRequestError,
    MalformedJsonError,
    NotFoundError,
    PreconditionFailedError,
)
from mainspring.kernel.scope import Scope

scim_routes = APIRouter(prefix="/scim/v2", include_in_schema=False, route_class=ScimRoute)
Directory = Annotated[DirectoryService, Depends(provided(DirectoryService))]

_SEARCHED = 5000
"""So many are looked at where a filter is none that an index serves."""
_OURS = frozenset(
    {"id", "externalId", "userName", "active", "meta", "groups", "schemas", "password"}
)
_ALL = Wanted()
_METHODS = {
    "ServiceProviderConfig": "GET",
    "Schemas": "GET",
    "Schemas/": "GET",
    "ResourceTypes": "GET",
    "ResourceTypes/": "GET",
    "Users": "GET, POST",
    "Users/": "GET, PUT, PATCH, DELETE",
    "Groups": "GET, POST",
    "Groups/": "GET, PUT, PATCH, DELETE",
}

# Discovery


@scim_routes.get("/ServiceProviderConfig")
async def service_provider_config(request: Request, _: Asking) -> Response:
    """Tell what this service can do."""
    return answer(_discovered(request, CONFIG, "ServiceProviderConfig"))


@scim_routes.get("/Schemas")
async def schemas(request: Request, _: Asking) -> Response:
    """List the schemas."""
    return _catalogue(request, SCHEMAS, "Schemas")


@scim_routes.get("/Schemas/{schema_id}")
async def schema(request: Request, _: Asking, schema_id: str) -> Response:
    """Read one schema."""
    return _one_of(request, SCHEMAS, "Schemas", schema_id)


@scim_routes.get("/ResourceTypes")
async def resource_types(request: Request, _: Asking) -> Response:
    """List the types of resources."""
    return _catalogue(request, RESOURCE_TYPES, "ResourceTypes")


@scim_routes.get("/ResourceTypes/{type_id}")
async def resource_type(request: Request, _: Asking, type_id: str) -> Response:
    """Read one type of resources."""
    return _one_of(request, RESOURCE_TYPES, "ResourceTypes", type_id)


# People


@scim_routes.get("/Users")
async def list_users(request: Request, directory: Directory, scope: Asking) -> Response:
    """Find people."""
    return await _listed(request.query_params, scope, _people(request, directory))


@scim_routes.post("/Users/.search")
async def search_users(request: Request, directory: Directory, scope: Asking) -> Response:
    """Find people by a query in the body."""
    return await _listed(await _searched(request), scope, _people(request, directory))


@scim_routes.post("/Users")
async def create_user(request: Request, directory: Directory, scope: Asking) -> Response:
    """Take a person in."""
    sent = PERSON.model_validate(await _json(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    made = await directory.add_person(scope, _person_said(sent))
    return _shown(request, _person(request, made), Context.RESOURCE_CREATION_RESPONSE, 201)


@scim_routes.get("/Users/{user_id}")
async def get_user(request: Request, directory: Directory, scope: Asking, user_id: str) -> Response:
    """Read one person."""
    found = _person(request, await directory.person(scope, user_id))
    return _shown(request, found, Context.RESOURCE_QUERY_RESPONSE)


@scim_routes.put("/Users/{user_id}")
async def replace_user(
    request: Request, directory: Directory, scope: Asking, user_id: str
) -> Response:
    """Write all that is to be known of a person."""
    held = await directory.person(scope, user_id)
    sent = PERSON.model_validate(
        await _json(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST
    )
    sent.replace(_person(request, held))
    return await _put_person(request, directory, scope, held, sent)


@scim_routes.patch("/Users/{user_id}")
async def patch_user(
    request: Request, directory: Directory, scope: Asking, user_id: str
) -> Response:
    """Change something of a person."""
    held = await directory.person(scope, user_id)
    present = _person(request, held)
    _apply(PatchOp[PERSON], await _json(request), present)
    return await _put_person(request, directory, scope, held, present)


@scim_routes.delete("/Users/{user_id}")
async def delete_user(
    request: Request, directory: Directory, scope: Asking, user_id: str
) -> Response:
    """Take a person out."""
    held = await directory.person(scope, user_id)
    revision = _expected(request, held.user.revision)
    await directory.remove_person(scope, user_id, expected_revision=revision)
    return Response(status_code=204)


# Groups


@scim_routes.get("/Groups")
async def list_groups(request: Request, directory: Directory, scope: Asking) -> Response:
    """Find groups."""
    return await _listed(request.query_params, scope, _groups(request, directory))


@scim_routes.post("/Groups/.search")
async def search_groups(request: Request, directory: Directory, scope: Asking) -> Response:
    """Find groups by a query in the body."""
    return await _listed(await _searched(request), scope, _groups(request, directory))


@scim_routes.post("/.search")
async def search(request: Request, directory: Directory, scope: Asking) -> Response:
    """Find people and groups by a query in the body."""
    kinds = (_people(request, directory), _groups(request, directory))
    return await _listed(await _searched(request), scope, *kinds)


@scim_routes.post("/Groups")
async def create_group(request: Request, directory: Directory, scope: Asking) -> Response:
    """Take a group in."""
    sent = Group.model_validate(await _json(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    made = await directory.add_group(scope, _group_said(sent))
    return _shown(request, _group(request, made), Context.RESOURCE_CREATION_RESPONSE, 201)


@scim_routes.get("/Groups/{group_id}")
async def get_group(
    request: Request, directory: Directory, scope: Asking, group_id: str
) -> Response:
    """Read one group."""
    found = _group(request, await directory.group(scope, group_id))
    return _shown(request, found, Context.RESOURCE_QUERY_RESPONSE)


@scim_routes.put("/Groups/{group_id}")
async def replace_group(
    request: Request, directory: Directory, scope: Asking, group_id: str
) -> Response:
    """Write all that is to be known of a group."""
    held = await directory.group(scope, group_id)
    sent = Group.model_validate(await _json(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    sent.replace(_group(request, held))
    return await _put_group(request, directory, scope, held, sent)


@scim_routes.patch("/Groups/{group_id}")
async def patch_group(
    request: Request, directory: Directory, scope: Asking, group_id: str
) -> Response:
    """Change something of a group."""
    held = await directory.group(scope, group_id)
    present = _group(request, held)
    _apply(PatchOp[Group], await _json(request), present)
    return await _put_group(request, directory, scope, held, present)


@scim_routes.delete("/Groups/{group_id}")
async def delete_group(
    request: Request, directory: Directory, scope: Asking, group_id: str
) -> Response:
    """Take a group out."""
    held = await directory.group(scope, group_id)
    revision = _expected(request, held.group.revision)
    await directory.remove_group(scope, group_id, expected_revision=revision)
    return Response(status_code=204)


@scim_routes.api_route(
    "/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
)
async def nothing(path: str) -> Response:
    """Refuse what is no path of SCIM, or no method of one, in SCIM's words."""
    allowed = _METHODS.get(path.strip("/").partition("/")[0] + ("/" if "/" in path else ""))
    if allowed is None:
        raise NotFoundError(f"there is nothing at /{path[:200]}")
    response = refusal(405, f"this takes {allowed}")
    response.headers["Allow"] = allowed
    return response


# From resources to what is said, and back


def _person_said(sent: Any) -> PersonSaid:  # noqa: ANN401 - a model built at run time
    content = sent.model_dump(scim_ctx=Context.DEFAULT)
    emails = [each for each in sent.emails or () if each.value]
    chosen = next((each for each in emails if each.primary), emails[0] if emails else None)
    name = sent.display_name or (sent.name and (sent.name.formatted or _joined(sent.name)))
    return PersonSaid(
        user_name=_bounded("userName", sent.user_name),
        external_id=sent.external_id,
        active=sent.active,
        email=None if chosen is None else str(chosen.value),
        name=name or None,
        content={name: value for name, value in content.items() if name not in _OURS}
        | ({} if sent.active is not None or sent.id is None else {"active": None}),
    )


def _group_said(sent: Any) -> GroupSaid:  # noqa: ANN401 - likewise
    return GroupSaid(
        display_name=_bounded("displayName", sent.display_name),
        external_id=sent.external_id,
        members=frozenset(each.value for each in sent.members or () if each.value),
    )


def _person(request: Request, known: KnownPerson) -> Any:  # noqa: ANN401 - likewise
    user = known.user
    fields: dict[str, Any] = {
        **user.content,
        "id": user.id,
        "externalId": user.external_id,
        "userName": user.user_name,
        # Left out by whoever removed it; it then stays as it was.
        "active": None if "active" in user.content else user.active,
        "groups": [
            {"value": group_id, "display": name, "$ref": _url(request, "Groups", group_id)}
            for group_id, name in known.groups
        ]
        or None,
        "meta": _meta(request, "User", user.id, user),
    }
    return PERSON.model_validate(
        {name: value for name, value in fields.items() if value is not None}
    )


def _group(request: Request, known: KnownGroup) -> Any:  # noqa: ANN401 - likewise
    group = known.group
    fields: dict[str, Any] = {
        "id": group.id,
        "externalId": group.external_id,
        "displayName": group.display_name,
        "members": [
            {
                "value": user_id,
                "display": name,
                "type": "User",
                "$ref": _url(request, "Users", user_id),
            }
            for user_id, name in known.members
        ]
        or None,
        "meta": _meta(request, "Group", group.id, group),
    }
    return Group.model_validate(
        {name: value for name, value in fields.items() if value is not None}
    )


def _meta(request: Request, kind: str, resource_id: str, held: Any) -> dict[str, Any]:  # noqa: ANN401 - either entry
    return {
        "resourceType": kind,
        "created": held.created_at.isoformat(),
        "lastModified": held.updated_at.isoformat(),
        "location": _url(request, f"{kind}s", resource_id),
        "version": _version(held.revision),
    }


def _version(revision: int) -> str:
    return f'W/"r{revision}"'


def _url(request: Request, *parts: str) -> str:
    return "/".join((str(request.base_url).rstrip("/"), "scim/v2", *parts))


def _joined(name: Any) -> str:  # noqa: ANN401 - a model of the library
    return " ".join(each for each in (name.given_name, name.family_name) if each)


def _bounded(param: str, text: str | None) -> str:
    if text is None or not 1 <= len(text.strip()) <= 256 or not text.isprintable():
        raise InvalidRequestError(f"{param} has 1 to 256 visible characters", param=param)
    return text.strip()


# What requests have in common


async def _json(request: Request) -> dict[str, Any]:
    try:
        return msgspec.json.decode(await request.body(), type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise MalformedJsonError from error


def _apply(kind: Any, sent: dict[str, Any], present: Any) -> None:  # noqa: ANN401 - built at run time
    operations = kind.model_validate(sent, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    operations.patch(present)


async def _put_person(
    request: Request,
    directory: DirectoryService,
    scope: Scope,
    held: KnownPerson,
    sent: Any,  # noqa: ANN401 - a model built at run time
) -> Response:
    expected = _expected(request, held.user.revision)
    changed = await directory.replace_person(
        scope, held.user.id, _person_said(sent), expected_revision=expected
    )
    return _shown(request, _person(request, changed), Context.RESOURCE_REPLACEMENT_RESPONSE)


async def _put_group(
    request: Request,
    directory: DirectoryService,
    scope: Scope,
    held: KnownGroup,
    sent: Any,  # noqa: ANN401 - a model built at run time
) -> Response:
    expected = _expected(request, held.group.revision)
    changed = await directory.replace_group(
        scope, held.group.id, _group_said(sent), expected_revision=expected
    )
    return _shown(request, _group(request, changed), Context.RESOURCE_REPLACEMENT_RESPONSE)


def _expected(request: Request, present: int) -> int:
    """Return the revision that a change is of: that which ``If-Match`` names, or was just read.

    Raises:
        PreconditionFailedError: if the header names another one.
    """
    shown = request.headers.get("if-match", "*").strip()
    if shown != "*" and _version(present).removeprefix("W/") not in {
        each.strip().removeprefix("W/") for each in shown.split(",")
    }:
        raise PreconditionFailedError
    return present


def _shown(request: Request, resource: Any, context: Context, status: int = 200) -> Response:  # noqa: ANN401 - either
    parameters = _parameters(request.query_params, type(resource))
    version = resource.meta.version
    headers = {"ETag": version, "Location": str(resource.meta.location)}
    if request.method == "GET" and request.headers.get("if-none-match") == version:
        return Response(status_code=304, headers=headers)
    return answer(_dumped(resource, context, parameters), status, headers)


def _dumped(resource: Any, context: Context, parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - either
    return dict(resource.model_dump(scim_ctx=context, response_parameters=parameters))


def _parameters(asked_for: Mapping[str, str], kind: Any) -> Any:  # noqa: ANN401 - a model built at run time
    asked = {
        name: value
        for name in ("attributes", "excludedAttributes")
        if (value := asked_for.get(name)) is not None
    }
    return ResponseParameters[kind].model_validate(asked)


class _Kind(msgspec.Struct, frozen=True):
    """How one kind of resources is found and shown; ``name`` is the attribute of its index."""

    model: Any
    name: str
    find: Callable[..., Coroutine[Any, Any, tuple[int, Sequence[Any]]]]
    shape: Callable[[Any], Any]


def _people(request: Request, directory: DirectoryService) -> _Kind:
    return _Kind(PERSON, "username", directory.people, lambda each: _person(request, each))


def _groups(request: Request, directory: DirectoryService) -> _Kind:
    return _Kind(Group, "displayname", directory.groups, lambda each: _group(request, each))


async def _listed(asked: Mapping[str, str], scope: Scope, *kinds: _Kind) -> Response:
    """Answer a query over resources of ``kinds``, the first kind's first."""
    start = max(_number(asked, "startIndex", 1), 1)
    count = min(max(_number(asked, "count", DEFAULT_RESULTS), 0), MAX_RESULTS)
    text = asked.get("filter")
    if text is None and len(kinds) == 1:
        total, found = await kinds[0].find(scope, _ALL, offset=start - 1, limit=count)
        shown = [(kinds[0], kinds[0].shape(each)) for each in found]
    else:
        matching = [(kind, each) for kind in kinds for each in await _matching(scope, kind, text)]
        total, shown = len(matching), matching[start - 1 : start - 1 + count]
    page = ListResponse[kinds[0].model](
        total_results=total, start_index=start, items_per_page=len(shown)
    )
    content = dict(page.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
    if shown:
        content["Resources"] = [
            _dumped(each, Context.RESOURCE_QUERY_RESPONSE, _parameters(asked, kind.model))
            for kind, each in shown
        ]
    return answer(content)


async def _matching(scope: Scope, kind: _Kind, text: str | None) -> list[Any]:
    wanted = None if text is None else ScimFilter[kind.model](text[:4000])
    narrowed = _ALL if wanted is None else _indexed(wanted, kind.name)
    total, found = await kind.find(scope, narrowed, offset=0, limit=_SEARCHED)
    if total > _SEARCHED:
        raise TooManyException(detail=f"a search such as this looks at up to {_SEARCHED}")
    shapes = map(kind.shape, found)
    return [each for each in shapes if wanted is None or wanted.match(each)]


async def _searched(request: Request) -> dict[str, str]:
    """Return what a search in a body asks for, as a query would say it."""
    sent = await _json(request)
    asked = {name: str(sent[name]) for name in ("filter", "startIndex", "count") if name in sent}
    for name in ("attributes", "excludedAttributes"):
        if isinstance(sent.get(name), list):
            asked[name] = ",".join(str(each) for each in sent[name])
    return asked


def _indexed(wanted: Any, name: str) -> Wanted:  # noqa: ANN401 - a filter bound at run time
    """Return what the database can look up of a filter: one comparison with a name or an id."""
    node = wanted.ast
    if not isinstance(node, Comparison) or node.op.value != "eq":
        return _ALL
    value = node.value
    attribute = str(node.attr_path).rpartition(":")[2].lower()
    if not isinstance(value, str):
        return _ALL
    if attribute == name:
        return Wanted(name=value)
    if attribute == "id":
        return Wanted(id=value)
    return Wanted(external_id=value) if attribute == "externalid" else _ALL


def _number(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name)
    if text is None:
        return default
    try:
        return min(int(text), 2**31 - 1)
    except ValueError:
        raise InvalidRequestError(f"{name} is a number", param=name) from None


def _discovered(
    request: Request, resource: Resource[Any], kind: str, *parts: str
) -> dict[str, Any]:
    content = dict(resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
    content["meta"] = {
        "resourceType": kind,
        "location": _url(request, kind + ("s" if parts else ""), *parts),
    }
    return content


def _catalogue(request: Request, resources: Sequence[Resource[Any]], path: str) -> Response:
    items = [_discovered(request, each, path[:-1], _id_of(each)) for each in resources]
    page = ListResponse[type(resources[0])](
        total_results=len(items), start_index=1, items_per_page=len(items)
    )
    return answer({**page.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), "Resources": items})


def _one_of(
    request: Request, resources: Sequence[Resource[Any]], path: str, wanted: str
) -> Response:
    for each in resources:
        if _id_of(each) == wanted:
            return answer(_discovered(request, each, path[:-1], wanted))
    raise NotFoundError(f"there is no {path[:-1]} {wanted[:200]}")


def _id_of(resource: Any) -> str:  # noqa: ANN401 - either of two
    return str(resource.id)
