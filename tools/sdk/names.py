"""How things of the document are called in the client. Clear rules, no table of exceptions.

* A namespace is the path's fixed segments: ``/projects/{project_id}/keys`` is ``projects.keys``.
* A method is the operation's id without the words of its namespace: ``create_key`` is ``create``.
* Where the last segment is an action, it is the method's: ``/users/{user_id}/disable`` with the
  id ``disable_user`` is ``users.disable``.
* Two operations that would share a name are called by their whole ids.
"""

import keyword
import re
from collections.abc import Iterable

PREFIX = "/api/v1/"
_RESERVED = frozenset(
    {"Any", "ClassVar", "Literal", "Mapping", "Sequence", "UnsetType", "UNSET"}
    | {"Call", "Event", "Items", "Model", "Page", "AsyncPages", "Transport", "AsyncTransport"}
    | {"EventStream", "AsyncEventStream", "ServerSentEvent", "Download", "AsyncDownload"}
    | {"FileInput", "None", "True", "False"}
)
_SMALL_WORDS = frozenset({"by", "of", "for", "to", "the", "a", "an"})
_BY_METHOD = {"get": "get", "post": "create", "put": "put", "patch": "update", "delete": "delete"}


def snake(text: str) -> str:
    """Return ``text`` as the name of an attribute."""
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    name = re.sub(r"[^A-Za-z0-9]+", "_", parted).strip("_").lower()
    if not name or name[0].isdigit():
        name = f"n{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def pascal(text: str) -> str:
    """Return ``text`` as the name of a class; what has capitals already keeps them."""
    words = re.split(r"[^A-Za-z0-9]+", text)
    name = "".join(word[:1].upper() + word[1:] for word in words if word)
    return f"N{name}" if name[:1].isdigit() else name


def model_class(schema: str) -> str:
    """Return the name of a schema's class; what the client's own sources mean stays theirs."""
    name = pascal(schema)
    return f"{name}Object" if name in _RESERVED or name.endswith("Resource") else name


def segments(path: str) -> list[str]:
    """Return the fixed segments of ``path``, in snake case."""
    local = path.removeprefix(PREFIX).strip("/")
    return [snake(each) for each in local.split("/") if each and not each.startswith("{")]


def place(method: str, path: str, operation_id: str) -> tuple[tuple[str, ...], str]:
    """Return the namespace of an operation, and its method's name there."""
    words = [word for word in snake(operation_id).rstrip("_").split("_") if word]
    found = segments(path)
    is_action = (
        len(found) > 1
        and not path.endswith("}")
        and found[-1].rstrip("_").split("_")[0] == words[0]
        and method in {"get", "post"}
    )
    namespace = found[:-1] if is_action else found
    said = {form for segment in namespace for form in _forms(segment)}
    left = [word for word in words if not _forms_of_word(word) & said]
    while left and left[-1] in _SMALL_WORDS:
        left.pop()
    name = "_".join(left) or _BY_METHOD.get(method, method)
    return tuple(namespace), f"{name}_" if keyword.iskeyword(name) else name


def clashing(names: Iterable[str]) -> set[str]:
    """Return the names that occur more than once."""
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}


def _forms(segment: str) -> set[str]:
    return {form for word in segment.split("_") if word for form in _forms_of_word(word)}


def _forms_of_word(word: str) -> set[str]:
    """Return what a word has in common with its plural."""
    forms = {word}
    if word.endswith("ies"):
        forms.add(f"{word[:-3]}y")
    if word.endswith("es"):
        forms.add(word[:-2])
    if word.endswith("s"):
        forms.add(word[:-1])
    return forms
