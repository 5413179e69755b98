"""Files of weights: found below a directory, hashed as they are, compared with a card."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from mainspring.app.cli.output import CommandError
from mainspring.app.cli.weight_files import Difference, differences, hashed, weight_files


def quiet(_path: str, _percent: int) -> None:
    """Hear nothing."""


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Return a directory as a store of downloaded models lays it out: links to what it keeps."""
    blobs, place = tmp_path / "blobs", tmp_path / "snapshot"
    for directory in (blobs, place / "original", place / ".cache"):
        directory.mkdir(parents=True)
    (blobs / "1").write_bytes(b"a" * 3_000_000)
    (place / "model.safetensors").symlink_to(blobs / "1")
    (place / "original" / "params.json").write_bytes(b"{}")
    (place / ".cache" / "lock").write_bytes(b"")
    (place / ".gitattributes").write_bytes(b"*")
    return place


def card_of(place: Path) -> list[dict[str, Any]]:
    """Return what a card says of all files."""
    return hashed(place, weight_files(place), quiet)


def test_files_are_named_by_their_path_with_size_and_sha256(weights: Path) -> None:
    heard: list[tuple[str, int]] = []

    def hear(path: str, percent: int) -> None:
        heard.append((path, percent))

    found = hashed(weights, weight_files(weights), hear)
    assert found == [
        {
            "path": "model.safetensors",
            "sha256": hashlib.sha256(b"a" * 3_000_000).hexdigest(),
            "bytes": 3_000_000,
        },
        {
            "path": "original/params.json",
            "sha256": hashlib.sha256(b"{}").hexdigest(),
            "bytes": 2,
        },
    ]
    percents = [percent for _, percent in heard]
    assert percents == sorted(set(percents))
    assert heard[-1] == ("original/params.json", 100)


def test_patterns_choose_by_path_or_by_name(weights: Path) -> None:
    assert [each.path for each in weight_files(weights, ["*.json"])] == ["original/params.json"]
    assert [each.path for each in weight_files(weights, ["model.*"])] == ["model.safetensors"]
    assert weight_files(weights, ["*.gguf"]) == []


def test_every_kind_of_difference_is_found(weights: Path) -> None:
    card = card_of(weights)
    assert differences(weights, card, weight_files(weights), quiet) == []
    (weights / "model.safetensors").resolve().write_bytes(b"b" + b"a" * 2_999_999)
    (weights / "original" / "params.json").write_bytes(b"{ }")
    (weights / "loader.py").write_bytes(b"import os")
    card.append({"path": "tokenizer.json", "sha256": "ab" * 32})
    assert differences(weights, card, weight_files(weights), quiet) == [
        Difference("loader.py", "unknown"),
        Difference("model.safetensors", "content"),
        Difference("original/params.json", "size"),
        Difference("tokenizer.json", "missing"),
    ]


def test_a_hash_is_compared_where_the_card_tells_no_size(weights: Path) -> None:
    [card] = [
        {"path": each["path"], "sha256": each["sha256"]}
        for each in card_of(weights)
        if each["path"] == "original/params.json"
    ]
    assert differences(weights, [card], [], quiet) == []
    (weights / "original" / "params.json").write_bytes(b"[]")
    assert differences(weights, [card], [], quiet) == [
        Difference("original/params.json", "content")
    ]


def test_a_file_that_changes_while_it_is_read_is_no_result(weights: Path) -> None:
    files = weight_files(weights)

    def grow(path: str, _percent: int) -> None:
        with (weights / path).open("ab") as file:
            file.write(b"more")

    with pytest.raises(CommandError, match=r"model\.safetensors"):
        hashed(weights, files, grow)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a//b", "a/./b"])
def test_a_card_leads_nowhere_but_below_the_directory(weights: Path, path: str) -> None:
    with pytest.raises(CommandError):
        differences(weights, [{"path": path, "sha256": "ab" * 32}], [], quiet)


def test_a_link_to_a_directory_is_told_and_not_passed_over(weights: Path) -> None:
    (weights / "more").symlink_to(weights.parent)
    with pytest.raises(CommandError, match="more"):
        weight_files(weights)
