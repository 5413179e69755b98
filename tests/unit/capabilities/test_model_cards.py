"""Cards of models: which files they may name, and what a version takes from its model's card."""

import msgspec
import pytest

from mainspring.capabilities.releases.domain import Artifact, Specification, differing_files
from mainspring.capabilities.releases.domain.specification import checked_specification
from mainspring.kernel.errors import InvalidRequestError

CARD = Specification(
    licence="Apache-2.0",
    source_repository="acme/writer",
    source_revision="9f2c1e7",
    artifacts=(
        Artifact(path="model.safetensors", sha256="ab" * 32, bytes=7),
        Artifact(path="original/params.json", sha256="cd" * 32, bytes=3),
    ),
)


def named(*paths: str) -> Specification:
    """Return a card with files of these paths."""
    return Specification(artifacts=tuple(Artifact(path=path, sha256="ab" * 32) for path in paths))


def test_a_card_with_its_files_is_kept_as_it_is() -> None:
    assert checked_specification(CARD) == CARD
    assert CARD.weights_bytes == 10
    assert named("a").weights_bytes is None  # not told of each
    assert Specification().weights_bytes is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../up",
        "a/../b",
        "a//b",
        "a/",
        "./a",
        "a\\b",
        "a\x00b",
        "a\nb",
        "\u202ea",
    ],
)
def test_a_path_leads_nowhere_but_below_its_directory(path: str) -> None:
    with pytest.raises(InvalidRequestError) as error:
        checked_specification(named(path))
    assert error.value.params["param"] == "specification.artifacts"


@pytest.mark.parametrize("paths", [("a", "a"), ("a", "a/b"), ("a/b/c", "a/b")])
def test_no_file_is_named_twice_or_lies_below_another(paths: tuple[str, ...]) -> None:
    with pytest.raises(InvalidRequestError):
        checked_specification(named(*paths))


@pytest.mark.parametrize("sha256", ["", "AB" * 32, "ab" * 31, "ab" * 33, "zz" * 32])
def test_a_hash_is_64_lower_case_hex_digits(sha256: str) -> None:
    card = Specification(artifacts=(Artifact(path="a", sha256=sha256),))
    with pytest.raises(InvalidRequestError):
        checked_specification(card)


def test_a_revision_is_one_of_a_repository() -> None:
    with pytest.raises(InvalidRequestError) as error:
        checked_specification(Specification(source_revision="9f2c1e7"))
    assert error.value.params["param"] == "specification.source_repository"
    with pytest.raises(InvalidRequestError) as error:
        checked_specification(msgspec.structs.replace(CARD, source_revision="two words"))
    assert error.value.params["param"] == "specification.source_revision"


def test_where_files_come_from_and_what_they_are_is_taken_whole_or_not_at_all() -> None:
    says_nothing = Specification(licence="MIT").over(CARD)
    assert (says_nothing.licence, says_nothing.artifacts) == ("MIT", CARD.artifacts)
    assert says_nothing.source_revision == "9f2c1e7"
    # Another repository's revision and files are not those of the model's card.
    other = Specification(source_repository="acme/writer-2").over(CARD)
    assert (other.source_revision, other.artifacts, other.licence) == (None, (), "Apache-2.0")


def test_one_revision_of_a_repository_has_one_content() -> None:
    first, second = CARD.artifacts
    changed = msgspec.structs.replace(first, sha256="ef" * 32)
    other = msgspec.structs.replace(CARD, artifacts=(changed, second))
    assert differing_files(other, CARD) == ["model.safetensors"]
    assert differing_files(CARD, CARD) == []
    assert differing_files(msgspec.structs.replace(other, source_revision="next"), CARD) == []
    # Where no revision is named nothing is promised.
    bare = msgspec.structs.replace(other, source_repository=None, source_revision=None)
    assert differing_files(bare, CARD) == []
