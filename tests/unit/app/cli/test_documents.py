"""Reading declared configuration: what is understood, and how precisely a mistake is named."""

from pathlib import Path

import pytest
from msgspec import UNSET

from mainspring.app.cli.applying.documents import read_documents


def _problems(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "a.yaml"
    file.write_text(text)
    return [str(problem) for problem in read_documents([file]).problems]


def test_a_directory_is_read_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text("upstreams: [{name: u, base_url: 'http://u'}]")
    (tmp_path / "a.yaml").write_text("organizations: [{slug: o, projects: [{slug: p}]}]")
    (tmp_path / "c.txt").write_text("not: read")
    (tmp_path / "empty.yaml").write_text("")
    documents = read_documents([tmp_path])
    assert documents.problems == []
    [organization] = documents.organizations
    assert organization.field == "organizations[0]"
    assert organization.document.projects[0].slug == "p"
    assert organization.document.limits is UNSET
    assert documents.upstreams[0].document.base_url == "http://u"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("models: [{name: m}]", "models[0]: Object missing required field `targets`"),
        (
            "models: [{name: m, targets: [{upstream: u, upstream_model: x, wieght: 1}]}]",
            "models[0].targets[0]: Object contains unknown field `wieght`",
        ),
        (
            "organizations: [{slug: o, limits: {requests_per_minute: many}}]",
            "organizations[0].limits.requests_per_minute: Expected `int | null`, got `str`",
        ),
        (
            "model: []",
            (
                "model: is not known; there are organizations, identity_providers, upstreams,"
                " gpu_prices, models, policies, releases, access_rules, slos, model_grants,"
                " notification_channels, sign_in, four_eyes"
            ),
        ),
        ("models: {}", "models: must be a list"),
        (
            "- 1",
            (
                "must hold some of organizations, identity_providers, upstreams, gpu_prices,"
                " models, policies, releases, access_rules, slos, model_grants,"
                " notification_channels, sign_in, four_eyes"
            ),
        ),
    ],
)
def test_a_mistake_is_named_by_file_and_field(tmp_path: Path, text: str, problem: str) -> None:
    assert _problems(tmp_path, text) == [f"{tmp_path / 'a.yaml'}: {problem}"]


def test_broken_yaml_is_named_by_its_line(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, "models:\n  - name: [\n")
    assert problem.startswith(f"{tmp_path / 'a.yaml'}: ")
    assert "line 3" in problem


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(_problems(tmp_path, "models: [{}, {}]\nupstreams: [{}]\nother: 1")) == 4


def test_one_name_declared_twice_is_a_mistake_across_files(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("upstreams: [{name: u, base_url: 'http://u'}]")
    [problem] = read_documents([tmp_path]).problems
    assert str(problem) == (
        f"{tmp_path / 'b.yaml'}: upstreams[0]: the upstream u is declared before, at "
        f"{tmp_path / 'a.yaml'}: upstreams[0]"
    )


def test_tags_that_would_run_code_are_refused(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path, "models: !!python/object/apply:os.system ['true']")
    assert "python/object/apply" in problem
