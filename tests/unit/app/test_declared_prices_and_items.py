"""GPU prices and data sets in the files of ``mainspring apply``: what is sent, in which order."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from mainspring.app.cli.applying.documents import read_documents
from mainspring.app.cli.applying.plan import Action
from mainspring.app.cli.applying.record import read_record, removals, write_record
from mainspring.app.cli.applying.steps import Applier
from mainspring.app.cli.connection import ControlClient

PRESENT: Mapping[str, Any] = {
    "id": "gpr_1",
    "name": "pool",
    "upstream_id": "ups_1",
    "upstream_model": None,
    "gpus": 8.0,
    "hourly_nanos": 2_500_000_000,
    "currency": "USD",
    "shared_by": "tokens",
    "valid_from": "2026-01-01T00:00:00Z",
    "valid_until": None,
}
OLD = '{upstream: pool, hourly: "2.50", valid_from: "2026-01-01T00:00:00Z"'
NEW = '{upstream: pool, hourly: "2.10", valid_from: "2026-12-01T00:00:00Z"}'
REFUNDS = """
organizations:
- {slug: research, projects: [{slug: search, datasets: [{name: refunds, items_file: items.jsonl}]}]}
"""
LINE = '{"input": {"prompt": "When?", "temperature": 1.0}, "expected": "In ten days."}'
KEPT = (
    '{"id": "dsi_1", "endpoint": "/v1/completions", "input": {"temperature": 1, "prompt": "When?"},'
    ' "expected": "In ten days.", "metadata": {}, "source_request_id": null}'
)


class Scripted:
    """A control plane with one upstream, one price, one data set; it notes what is written."""

    def __init__(self, kept: str = "") -> None:
        self.written: list[tuple[str, str, Any]] = []
        self._kept = kept
        self._lists: dict[str, list[Mapping[str, Any]]] = {
            "/organizations": [{"id": "org_1", "slug": "research"}],
            "/organizations/org_1/projects": [{"id": "prj_1", "slug": "search"}],
            "/projects/prj_1/datasets": [
                {"id": "dst_1", "name": "refunds", "description": "", "item_count": 1}
            ],
            "/upstreams": [{"id": "ups_1", "name": "pool"}],
            "/gpu-prices": [PRESENT],
        }

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        path = request.url.path.removeprefix("/api/v1")
        if path.endswith("/export"):
            return httpx.Response(200, text=self._kept)
        if request.method == "GET" and path.startswith("/gpu-prices/"):
            return httpx.Response(405)
        if request.method == "GET":
            return httpx.Response(200, json={"items": self._lists.get(path, [])})
        sent = request.content.decode()
        is_lines = request.headers["content-type"] == "application/jsonl"
        self.written.append((request.method, path, sent if is_lines else json.loads(sent)))
        return httpx.Response(200 if request.method == "PATCH" else 201, json={"id": "made"})

    def client(self) -> httpx.Client:
        """Return a client of it."""
        return httpx.Client(
            transport=httpx.MockTransport(self.answer), base_url="http://control.test"
        )


def applied(control: Scripted, tmp_path: Path, text: str) -> Applier:
    """Apply ``text``."""
    file = tmp_path / "platform.yaml"
    file.write_text(text)
    documents = read_documents([file])
    assert documents.problems == []
    with control.client() as client:
        applier = Applier(
            ControlClient(client), documents, {}, dry_run=False, send_credentials=False
        )
        applier.run()
    return applier


def test_a_price_ends_before_the_next_of_the_same_gpus_begins(tmp_path: Path) -> None:
    control = Scripted()
    ended = f'{OLD}, valid_until: "2026-12-01T01:00:00+01:00"}}'
    applier = applied(control, tmp_path, f"gpu_prices: [{NEW}, {ended}]")
    assert control.written == [
        ("PATCH", "/gpu-prices/gpr_1", {"valid_until": "2026-12-01T01:00:00+01:00"}),
        (
            "POST",
            "/gpu-prices",
            {
                "name": "pool",
                "hourly_nanos": 2_100_000_000,
                "upstream_id": "ups_1",
                "upstream_model": None,
                "currency": "USD",
                "valid_from": "2026-12-01T00:00:00+00:00",
            },
        ),
    ]
    assert [(step.action, step.fields) for step in applier.steps] == [
        (Action.UPDATE, ("valid_until",)),
        (Action.CREATE, ()),
    ]


def test_a_price_that_is_as_the_file_says_is_left_alone_and_can_be_pruned(tmp_path: Path) -> None:
    control = Scripted()
    record = tmp_path / "applied.json"
    again = OLD.replace("2026-01-01T00:00:00Z", "2026-01-01T02:00:00+02:00")
    applier = applied(control, tmp_path, f"gpu_prices: [{again}, valid_until: null}}]")
    assert (control.written, applier.problems) == ([], [])
    write_record(record, applier.steps)
    with control.client() as client:
        gone = removals(ControlClient(client), read_record(record), [])
    assert [step.path for step in gone] == ["/gpu-prices/gpr_1"]


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        (f"gpu_prices: [{OLD}, currency: EUR}}]", "gpu_prices[0].currency", "USD"),
        (f"gpu_prices: [{OLD.replace('pool', 'cellar')}}}]", "gpu_prices[0].upstream", "cellar"),
        (REFUNDS, "organizations[0].projects[0].datasets[0].items_file", "items.jsonl"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(
    tmp_path: Path, text: str, field: str, said: str
) -> None:
    control = Scripted()
    [problem] = applied(control, tmp_path, text).problems
    assert problem.field == field
    assert said in problem.text
    assert control.written == []


def test_a_price_that_is_declared_twice_or_of_no_moment_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    same = OLD.replace("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00")
    bare = OLD.replace("00:00:00Z", "00:00:00")
    file.write_text(f"gpu_prices: [{OLD}}}, {same}}}, {bare}}}]")
    found = {problem.field: problem.text for problem in read_documents([file]).problems}
    assert "declared before" in found["gpu_prices[1]"]
    assert "timezone" in found["gpu_prices[2].valid_from"]


def test_items_that_a_data_set_has_already_are_not_added_again(tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_text(f"{LINE}\n")
    control = Scripted(f"{KEPT}\n")
    [_, _, step] = applied(control, tmp_path, REFUNDS).steps
    assert (step.action, step.path, control.written) == (Action.UNCHANGED, None, [])
    # The same question once more is one more item.
    (tmp_path / "items.jsonl").write_text(f"{LINE}\n\n{LINE}")
    [_, _, step] = applied(control, tmp_path, REFUNDS).steps
    [change] = step.changes
    assert (change.field, change.before, change.after) == ("items", 1, 2)
    assert control.written == [("POST", "/datasets/dst_1/import", f"{LINE}\n")]


def test_a_line_that_is_no_item_is_told_by_its_number_before_anything_is_sent(
    tmp_path: Path,
) -> None:
    (tmp_path / "items.jsonl").write_text(f'{LINE}\n{{"input": {{"model": "m", "prompt": "?"}}}}\n')
    control = Scripted()
    [problem] = applied(control, tmp_path, REFUNDS).problems
    assert "line 2: model of a request is no part of an item" in problem.text
    assert control.written == []
