"""Data sets of a project, brought to what documents say; of their items none is taken away."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.dataset_documents import DatasetDocument
from mainspring.app.cli.applying.documents import Located, Problem
from mainspring.app.cli.applying.plan import Action, Change, Step, compare
from mainspring.app.cli.connection import ControlClient
from mainspring.app.cli.item_lines import parts
from mainspring.capabilities.datasets.api import MAX_BYTES, NewItem, checked_item, read_line
from mainspring.kernel.errors import InvalidRequestError

_ITEMS = "items"


class _Line(NamedTuple):
    """A line of a file, and what it shares with every item that says the same."""

    text: bytes
    digest: bytes


class DatasetApplier:
    """Walks through the data sets of a project; with ``dry_run`` it only says what it would do.

    No step says where a data set could be removed: it may hold what people put into it by hand.
    """

    def __init__(self, client: ControlClient, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(
        self, items: Sequence[Located[DatasetDocument]], project: str, project_id: str | None
    ) -> None:
        """Walk through the data sets; ``project_id`` ``None``: not made yet.

        Raises:
            CommandError: if the control plane refuses something.
        """
        if not items:
            return
        path = f"/projects/{project_id}/datasets"
        present: dict[str, dict[str, Any]] = {}
        if project_id is not None:
            present = {each["name"]: each for each in self._client.items(path)}
        seen: set[str] = set()
        for item in items:
            name = item.document.name
            if name in seen:
                self.problems.append(item.problem("name", f"{name} is declared before"))
                continue
            seen.add(name)
            self._dataset(item, f"{project}/{name}", path, present.get(name))

    def _dataset(
        self,
        item: Located[DatasetDocument],
        name: str,
        path: str,
        known: dict[str, Any] | None,
    ) -> None:
        document = item.document
        lines = self._lines(item)
        if lines is None:
            return
        description = document.description
        wanted = {} if description is UNSET else {"description": description}
        if known is None:
            self.steps.append(Step(kind="data set", name=name, action=Action.CREATE))
            if not self._dry_run:
                made = self._client.post(path, {"name": document.name, **wanted})
                self._add(made["id"], [line.text for line in lines])
            return
        step, differing = compare("data set", name, known, wanted)
        missing = self._missing(known["id"], lines)
        if missing:
            count = known["item_count"]
            step = msgspec.structs.replace(
                step,
                action=Action.UPDATE,
                fields=(*step.fields, _ITEMS),
                changes=(*step.changes, Change(_ITEMS, count, count + len(missing))),
            )
        self.steps.append(step)
        if self._dry_run:
            return
        if differing:
            self._client.patch(f"/datasets/{known['id']}", differing)
        self._add(known["id"], missing)

    def _lines(self, item: Located[DatasetDocument]) -> list[_Line] | None:
        """Return the lines of the items' file; ``None`` if it is a problem."""
        if item.document.items_file is None:
            return []
        path = item.file.parent / item.document.items_file
        try:
            return _checked(path)
        except OSError as error:
            text = f"{path} cannot be read: {error.strerror or error}"
        except InvalidRequestError as error:
            text = f"{path}: {error.detail}"
        self.problems.append(item.problem("items_file", text))
        return None

    def _missing(self, dataset_id: str, lines: Sequence[_Line]) -> list[bytes]:
        """Return those of ``lines`` that the present version of the data set lacks."""
        if not lines:
            return []
        with self._client.lines(f"/datasets/{dataset_id}/export") as present:
            there = Counter(_digest(read_line(each.encode())) for each in present if each.strip())
        missing: list[bytes] = []
        for line in lines:
            if there[line.digest]:
                there[line.digest] -= 1
            else:
                missing.append(line.text)
        return missing

    def _add(self, dataset_id: str, lines: Sequence[bytes]) -> None:
        for part in parts(lines):
            self._client.send(f"/datasets/{dataset_id}/import", part, "application/jsonl")


def _checked(path: Path) -> list[_Line]:
    """Return the lines of a file of items.

    Raises:
        OSError: if it cannot be read.
        InvalidRequestError: naming the line that is no item.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InvalidRequestError(f"a data set holds at most {MAX_BYTES} bytes")
    lines: list[_Line] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                item, _ = checked_item(read_line(line))
            except InvalidRequestError as error:
                raise InvalidRequestError(f"line {number}: {error.detail}") from error
            lines.append(_Line(line if line.endswith(b"\n") else line + b"\n", _digest(item)))
    return lines


def _digest(item: NewItem) -> bytes:
    said = [getattr(item, field) for field in NewItem.__struct_fields__]
    plain = msgspec.json.encode(_numbers_alike(said), order="sorted")
    return hashlib.sha256(plain).digest()


def _numbers_alike(value: Any) -> Any:  # noqa: ANN401 - decoded JSON
    """Return ``value`` with 1 and 1.0 the same: a database may keep either."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        members: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType] - JSON
        return {name: _numbers_alike(member) for name, member in members.items()}
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType] - JSON
        return [_numbers_alike(each) for each in items]
    return value
