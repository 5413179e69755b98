"""O6: what a month cost, for whoever pays for it, as files that others open."""

import base64
import csv
import io
import re
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from mainspring.app.exit_codes import ExitCode
from mainspring.kernel.clock import SystemClock
from tests.fixtures.commands import run, told
from tests.fixtures.control import Api, Served, usage_record

PATH = "/api/v1/costs/chargeback"
CENT = 10_000_000
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Month:
    """A tenant with calls of last month, and some before and after it."""

    def __init__(self, org_id: str, project_id: str, start: datetime) -> None:
        self.org_id = org_id
        self.project_id = project_id
        self.name = f"{start:%Y-%m}"

    @classmethod
    async def made(cls, api: Api, admin: httpx.AsyncClient) -> "Month":
        org_id, project_id = await api.tenant("=Charged 研究院")
        key = await admin.post(f"/api/v1/projects/{project_id}/keys", json={"name": "+ci"})
        this = SystemClock().now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0)
        this = this.replace(microsecond=0)
        start = (this - timedelta(days=1)).replace(day=1)

        def record(at: datetime, **fields: Any) -> Any:  # noqa: ANN401 - the record's own
            return usage_record(org_id, project_id, at_ms=round(at.timestamp() * 1000), **fields)

        usd: dict[str, Any] = {"cost_nanos": 3 * CENT + 1, "currency": "USD", "model": "大模型"}
        cny: dict[str, Any] = {**usd, "cost_nanos": 12 * CENT, "currency": "CNY"}
        await api.ingest(
            record(start, **usd),
            record(this - timedelta(milliseconds=1), **usd),
            record(start, **cny),
            record(start, key_id=key.json()["id"], **usd),
            record(start, model="@free"),
            record(start - timedelta(milliseconds=1), **usd),
            record(this, **usd),
        )
        return cls(org_id, project_id, start)


@pytest.fixture
async def month(api: Api, admin: httpx.AsyncClient) -> Month:
    return await Month.made(api, admin)


async def fetched(client: httpx.AsyncClient, **query: str) -> httpx.Response:
    answer = await client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_table_has_last_months_charges_exactly(
    month: Month, admin: httpx.AsyncClient
) -> None:
    answer = await fetched(admin, org_id=month.org_id)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    disposition = answer.headers["content-disposition"]
    assert disposition == f'attachment; filename="chargeback-{month.name}.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert {line["month"] for line in lines} == {month.name}
    assert {line["organization"] for line in lines} == {"'=Charged 研究院"}
    shown = {
        tuple(line[name] for name in ("key", "model", "requests", "unpriced", "currency", "cost"))
        for line in lines
    }
    assert shown == {
        ("", "'@free", "1", "1", "", ""),
        ("", "大模型", "3", "0", "CNY", "0.120000000"),
        ("", "大模型", "0", "0", "USD", "0.060000002"),
        ("'+ci", "大模型", "1", "0", "USD", "0.030000001"),
    }
    assert {line["project_id"] for line in lines} == {month.project_id}


async def test_a_workbook_has_numbers_as_numbers_and_no_formulas(
    month: Month, admin: httpx.AsyncClient
) -> None:
    answer = await fetched(admin, org_id=month.org_id, month=month.name, format="xlsx", lang="zh")
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    shared = [
        "".join(each.itertext())
        for each in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - ours
    ]
    assert "=Charged 研究院" in shared
    assert "密钥与模型" in book.read("xl/workbook.xml").decode()
    sheets = [
        ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314 - ours
        for number in (1, 2)
    ]
    assert not any(True for sheet in sheets for _ in sheet.iter(f"{_SHEET}f"))

    def rows(sheet: ET.Element) -> list[list[str | float]]:
        return [
            [
                shared[int(value)] if cell.get("t") == "s" else float(value)
                for cell in row
                if (value := cell.findtext(f"{_SHEET}v")) is not None
            ]
            for row in sheet.iter(f"{_SHEET}row")
        ]

    projects, lines = (rows(sheet) for sheet in sheets)
    assert projects[0] == ["组织", "项目", "调用数", "Token 数", "未定价", "币种", "费用"]
    name = "=Charged 研究院"
    assert projects[1][0] == name
    assert projects[1][2:] == [5, projects[1][3], 1, "CNY", 0.12]
    assert projects[2][2:] == ["USD", 0.090000003]
    assert len(lines) == 5
    assert sum(
        line[-1] for line in lines[1:] if line[-2] == "USD" and isinstance(line[-1], float)
    ) == (pytest.approx(0.090000003))


def texts_of(pdf: bytes) -> str:
    """Return what the pages of one of our files say."""
    said: list[str] = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        page = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        for words in re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", page):
            plain = re.sub(
                rb"\\([0-7]{3}|.)",
                lambda found: bytes([int(found[1], 8)]) if len(found[1]) == 3 else found[1],
                words,
            )
            said.append(
                plain.decode("utf-16-be" if b"\0" in plain or max(plain) > 127 else "ascii")
            )
    return "\n".join(said)


async def test_a_document_says_it_in_both_languages(month: Month, admin: httpx.AsyncClient) -> None:
    for lang, total in (("en", "Total"), ("zh", "合计")):
        answer = await fetched(
            admin, org_id=month.org_id, month=month.name, format="pdf", lang=lang
        )
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert b"STSong-Light" in answer.content
        said = texts_of(answer.content)
        wanted = ("=Charged 研究院", "大模型", "0.1200 CNY", "0.0900 USD", total, month.name)
        assert [words for words in wanted if words not in said] == []
        assert "so far" not in said
    this = f"{SystemClock().now():%Y-%m}"
    said = texts_of((await fetched(admin, org_id=month.org_id, month=this, format="pdf")).content)
    assert "so far" in said
    future = (await fetched(admin, org_id=month.org_id, month="2090-01")).text.splitlines()
    assert len(future) == 1

    for wrong in ("2026-13", "2026", "26-10", "1999-10", "'"):
        answer = await admin.get(PATH, params={"month": wrong})
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == ["month"]


async def test_others_charges_are_nobodys_business(
    month: Month, api: Api, admin: httpx.AsyncClient
) -> None:
    other_org, _ = await api.tenant("Other payer")
    stranger = (await api.member(other_org)).client
    for form in ("csv", "xlsx", "pdf"):
        answer = await stranger.get(PATH, params={"org_id": month.org_id, "format": form})
        assert answer.status_code in (403, 404), form
    own = (await fetched(stranger, org_id=other_org, month=month.name)).text
    assert month.project_id not in own
    assert month.project_id in (await fetched(admin, month=month.name)).text


async def test_the_command_line_keeps_the_file(
    month: Month, served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "charges.pdf"
    kept = await told(served, "chargeback", month.name, "-o", month.org_id, "--output", str(file))
    assert kept == {"path": str(file), "format": "pdf", "bytes": file.stat().st_size}
    assert file.read_bytes().startswith(b"%PDF-")
    status, out, _ = await run(served, "chargeback", month.name, "-o", month.org_id)
    assert (status, len(out.splitlines())) == (0, 5)
    status, _, err = await run(served, "chargeback", "--format", "xlsx")
    assert status == ExitCode.USAGE
    assert "--output" in err
