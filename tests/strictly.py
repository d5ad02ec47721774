"""Serve a built site under the Content-Security-Policy that it asks for."""

import contextlib
import functools
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

from tools.look import QuietHandler

NAME = "Content-Security-Policy"


def policy_of(site: Path) -> str:
    """Read the policy in the file that the build leaves for the host."""
    lines = (site / "_headers").read_text(encoding="utf-8").splitlines()
    (policy,) = (line.partition(": ")[2] for line in lines if NAME in line)
    return policy


@contextlib.contextmanager
def serve_strictly(site: Path) -> Iterator[str]:
    """Serve a folder on this machine, the policy with each answer."""
    policy = policy_of(site)

    class StrictHandler(QuietHandler):
        def end_headers(self) -> None:
            self.send_header(NAME, policy)
            super().end_headers()

    handler = functools.partial(StrictHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
