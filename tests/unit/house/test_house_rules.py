"""The rules of the house that no linter knows, each with its reason in its name."""

import ast
import re
import tokenize

from tests.unit.house.source import PACKAGE, ROOT, modules, our_files, parsed, place, references

LONGEST_FILE = 700
SHORTEST_HEAD_NOTE = 20
TASK_OWNERS = {
    "kernel/tasks.py",  # the owner that everybody else uses
    "app/roles.py",  # the one task that is the role, cancelled by the stop signal
    "gateway/http/connection.py",  # one task per request, held and reported by the listener
}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
ROOMS = {"domain", "ports", "service", "api", "http", "jobs", "store"}


def test_only_owners_start_tasks() -> None:
    # A task that nobody holds is collected in the middle of its work, and its failure is silent.
    # Ruff bans asyncio's functions by name; this also finds the methods of loops.
    starts = re.compile(r"(^|\.)(create_task|ensure_future)$")
    found: list[str] = []
    for path in modules():
        if path.relative_to(PACKAGE).as_posix() in TASK_OWNERS:
            continue
        lines = path.read_text("utf-8").splitlines()
        found += [
            place(path, line)
            for name, line in references(parsed(path))
            if starts.search(name) and "# noqa: TID251 - " not in lines[line - 1]
        ]
    assert found == []


def test_only_one_module_reads_the_environment() -> None:
    # A setting that is read where it is used is a setting that nobody can list.
    reads = {"os.environ", "os.getenv", "os.environb"}
    found = [
        place(path, line)
        for path in modules()
        if path != PACKAGE / "app" / "environment.py"
        for name, line in references(parsed(path))
        if name in reads
    ]
    assert found == []


def test_every_http_client_says_whether_the_environments_proxy_may_see_what_it_sends() -> None:
    # By default httpx sends even calls to 127.0.0.1 through HTTP_PROXY, tokens included.
    clients = {"httpx.Client", "httpx.AsyncClient"} | {
        f"httpx.{verb}" for verb in ("get", "post", "put", "patch", "delete", "request", "stream")
    }
    found = [
        place(path, node.lineno)
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in clients
        and "trust_env" not in {keyword.arg for keyword in node.keywords}
    ]
    assert found == []


def test_every_error_is_declared_in_the_one_tree() -> None:
    # The catalogue, its translations and its pages list what kernel.errors declares.
    tree = parsed(PACKAGE / "kernel" / "errors.py")
    ours = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    found = [
        place(path, node.lineno)
        for path in modules()
        if path != PACKAGE / "kernel" / "errors.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in ours for base in node.bases)
    ]
    assert found == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    found = [place(path) for path in our_files() if path.stem in BANNED_NAMES]
    found += [
        place(path) for path in PACKAGE.rglob("*") if path.is_dir() and path.name in BANNED_NAMES
    ]
    assert found == []


def test_no_file_outgrows_its_idea() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in our_files()}
    too_long = {name: length for name, length in lengths.items() if length > LONGEST_FILE}
    assert too_long == {}


def test_every_module_says_what_it_is_and_every_package_says_enough() -> None:
    found: list[str] = []
    for path in modules():
        text = ast.get_docstring(parsed(path))
        if text is None or (path.name == "__init__.py" and len(text) < SHORTEST_HEAD_NOTE):
            found.append(place(path))
    assert found == []


def test_every_package_of_the_first_floor_says_what_must_stay_outside() -> None:
    for path in sorted(PACKAGE.glob("*/__init__.py")):
        text = ast.get_docstring(parsed(path)) or ""
        assert re.search(r"must never|only", text, re.IGNORECASE), place(path)


def test_every_folder_of_modules_is_a_package() -> None:
    found = [
        place(folder)
        for folder in sorted({path.parent for path in modules()})
        if not (folder / "__init__.py").is_file()
    ]
    assert found == []


def test_capabilities_have_no_other_rooms() -> None:
    found = [
        place(path)
        for path in sorted((PACKAGE / "capabilities").glob("*/*"))
        if path.name != "__init__.py"
        and "__pycache__" not in path.parts
        and path.name.removesuffix(".py") not in ROOMS
    ]
    assert found == []


def test_every_silenced_check_says_which_and_why() -> None:
    # So that whoever comes later can judge whether the reason still holds.
    silenced = re.compile(r"#\s*(noqa|(type|pyright):\s*ignore)")
    explained = re.compile(
        r"#\s*(noqa:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*"
        r"|(type|pyright):\s*ignore\[[\w, -]+\])\s+-\s+\S"
    )
    found: list[str] = []
    for path in our_files():
        with path.open("rb") as source:
            found += [
                place(path, token.start[0])
                for token in tokenize.tokenize(source.readline)
                if token.type == tokenize.COMMENT
                and silenced.match(token.string)
                and not explained.match(token.string)
            ]
    assert found == []


def test_the_longest_way_to_a_file_is_short() -> None:
    # Deep nesting hides things; six folders below the package are enough.
    found = [place(path) for path in modules() if len(path.relative_to(PACKAGE).parts) > 6]
    assert found == []


def test_licence_is_the_one_that_the_metadata_names() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text("utf-8")
