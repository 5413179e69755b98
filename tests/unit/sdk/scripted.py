"""A server that answers what its script says, over a real socket."""

import contextlib
import socketserver
import threading
from collections.abc import Callable, Generator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

Body = bytes | Mapping[str, object]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One scripted answer. ``drop`` closes the connection instead; ``wait`` is awaited first."""

    status: int = 200
    body: Body = b"{}"
    headers: dict[str, str] = {}
    drop: bool = False
    wait: Callable[[], object] | None = None


class Asked(msgspec.Struct, frozen=True):
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Scripted:
    """The script, and what was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: list[Answer] = []
        self.asked: list[Asked] = []

    def then(self, *answers: Answer) -> None:
        """Append ``answers``; the last one is repeated for whatever else is asked."""
        self.answers += answers


@contextlib.contextmanager
def scripted() -> Generator[Scripted]:
    """Serve a script until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PATCH = do_DELETE = do_PUT = do_GET  # noqa: N815 - names of the base class

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - likewise
            """Say nothing."""

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append(Asked(self.command, self.path, headers, body))
            answer = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            if answer.wait is not None:
                answer.wait()
            if answer.drop:
                self.close_connection = True
                return
            content = answer.body
            if not isinstance(content, bytes):
                content = msgspec.json.encode(content)
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the caller gave up
                self.wfile.write(content)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A caller that left is no error of the test."""

    server: socketserver.TCPServer = Server(("127.0.0.1", 0), Handler)
    script = Scripted(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
