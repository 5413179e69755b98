"""The console's files, held in memory: what is not in the list cannot be asked for."""

import gzip
import hashlib
import mimetypes
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
_PAGE_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_RESERVED = ("/api/", "/internal/")
_IMMUTABLE = "public, max-age=31536000, immutable"
_MISSING = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Mainspring</title>
<h1>The console is not built</h1>
<p>The API is here, under <code>/api/v1</code>. To build the console, run
<code>make console</code> in a checkout and restart, or install the wheel, which has it inside.</p>
<p lang="zh">控制台尚未构建。请在代码目录中运行 <code>make console</code> 后重启，
或安装已包含控制台的 wheel 包。</p>
</html>
"""


class _File(msgspec.Struct, frozen=True):
    content: bytes
    zipped: bytes | None
    media_type: str
    etag: str
    cache: str


class Console:
    """Answers whatever no route took: a file, or the page for every path of the console."""

    def __init__(self, directory: Path) -> None:
        self._files = {
            f"/{path.relative_to(directory).as_posix()}": _load(path, directory)
            for path in sorted(directory.rglob("*"))
            if path.is_file()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request.

        Raises:
            HTTPException: 404 for paths of the API and unknown files, 405 for writes.
        """
        if scope["type"] != "http":
            return
        request = Request(scope)
        path = request.url.path
        if path.startswith(_RESERVED):
            raise HTTPException(404)
        if request.method not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        await self._answer(request, path)(scope, receive, send)

    def _answer(self, request: Request, path: str) -> Response:
        found = self._files.get(path)
        if found is None:
            # A path of the console is a state of its one page; a missing file is missing.
            if path.startswith("/assets/") or "." in path.rpartition("/")[2]:
                raise HTTPException(404)
            found = self._files.get("/index.html")
        if found is None:
            return HTMLResponse(_MISSING, headers=_PAGE_HEADERS | {"Cache-Control": "no-store"})
        headers = {"ETag": found.etag, "Cache-Control": found.cache, "Vary": "Accept-Encoding"}
        if found.media_type.startswith("text/html"):
            headers |= _PAGE_HEADERS
        if request.headers.get("if-none-match") == found.etag:
            return Response(status_code=304, headers=headers)
        content = found.content
        if found.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content = found.zipped
            headers["Content-Encoding"] = "gzip"
        return Response(content, media_type=found.media_type, headers=headers)


def _load(path: Path, directory: Path) -> _File:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    textual = media_type.startswith("text/") or media_type.endswith(("javascript", "json", "xml"))
    zipped = gzip.compress(content, 6, mtime=0) if textual and len(content) > 512 else None
    hashed = path.relative_to(directory).parts[0] == "assets"
    return _File(
        content=content,
        zipped=zipped,
        media_type=f"{media_type}; charset=utf-8" if textual else media_type,
        etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        # The build puts a hash into the name of everything under /assets.
        cache=_IMMUTABLE if hashed else "no-cache",
    )
