"""What the doctor says of backups that are made by the clock."""

from datetime import timedelta
from pathlib import Path

import pytest

from mainspring.app.backups import backup_name
from mainspring.app.cli.checks import Finding, Verdict
from mainspring.app.cli.checks.backups import check_backups, longest_age
from mainspring.app.cli.checks.subject import Subject
from mainspring.app.home import Home
from mainspring.infra.backup import FORMAT, ArchiveWriter, Header
from mainspring.infra.secrets import key_id_of, load_or_create_key
from mainspring.kernel.clock import SystemClock


class Place:
    """A home, and a directory of backups."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.directory = root / "backups"
        (self.home / "secrets").mkdir(parents=True)
        self.directory.mkdir()
        self.environ = {
            "MAINSPRING_HOME": str(self.home),
            "MAINSPRING_BACKUP_DIRECTORY": str(self.directory),
        }

    def backup(self, age: timedelta = timedelta(), key_ids: tuple[str, ...] = ()) -> Path:
        at = SystemClock().now() - age
        path = self.directory / backup_name(at)
        with ArchiveWriter(path, Header(format=FORMAT, release="0", created_at=at)) as writer:
            writer.add_text("database.dump", b"rows" * 1000)
            writer.finish(schema="0001", postgres=18, key_ids=key_ids)
        return path

    def examine(self) -> Finding:
        subject = Subject(environ=self.environ, home=Home(self.home), run=None)
        [finding] = check_backups(subject)
        return finding


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_without_a_schedule_it_says_how_to_have_one(place: Place) -> None:
    del place.environ["MAINSPRING_BACKUP_DIRECTORY"]
    finding = place.examine()
    assert finding.verdict is Verdict.SKIPPED
    assert "MAINSPRING_BACKUP_DIRECTORY" in finding.hint


def test_a_directory_without_backups_or_without_rights_is_a_problem(place: Place) -> None:
    (place.directory / "notes.tar").touch()
    assert place.examine().verdict is Verdict.PROBLEM
    place.environ["MAINSPRING_BACKUP_DIRECTORY"] = str(place.directory / "nowhere")
    finding = place.examine()
    assert (finding.verdict, "nowhere" in finding.text) == (Verdict.PROBLEM, True)


def test_a_young_and_whole_backup_whose_key_is_here_is_well(place: Place) -> None:
    key = load_or_create_key(Home(place.home).master_key)
    place.backup(timedelta(days=30))
    path = place.backup(timedelta(hours=5), (key_id_of(key), "another"))
    finding = place.examine()
    assert (finding.verdict, path.name in finding.text) == (Verdict.OK, True), finding


def test_an_old_one_is_a_problem_by_its_schedule(place: Place) -> None:
    path = place.backup(timedelta(days=3))
    finding = place.examine()
    assert (finding.verdict, str(path) in finding.text) == (Verdict.PROBLEM, True)
    assert "backup create" in finding.hint
    place.environ["MAINSPRING_BACKUP_SCHEDULE"] = "20 2 * * 0"
    assert place.examine().verdict is Verdict.OK


@pytest.mark.parametrize(
    ("schedule", "days"),
    [("", 2), ("0 */6 * * *", 2), ("0 2 * * 1-5", 8), ("0 2 1 * *", 32), ("0 2 1 1 *", 367)],
)
def test_the_age_that_is_too_much_follows_the_schedule(schedule: str, days: int) -> None:
    assert longest_age(schedule) == timedelta(days=days)


def test_a_damaged_one_is_a_problem(place: Place) -> None:
    path = place.backup()
    content = bytearray(path.read_bytes())
    content[content.index(b"rows")] ^= 1
    path.write_bytes(bytes(content))
    finding = place.examine()
    assert (finding.verdict, "database.dump" in finding.text) == (Verdict.PROBLEM, True)


def test_one_that_no_key_here_opens_is_a_problem(place: Place) -> None:
    load_or_create_key(Home(place.home).master_key)
    place.backup(key_ids=("k-of-another-machine",))
    finding = place.examine()
    assert (finding.verdict, "master keys" in finding.hint) == (Verdict.PROBLEM, True)
