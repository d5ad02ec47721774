"""Serve a built site under the Content-Security-Policy that it asks for."""

import contextlib
from pathlib import Path

from tools.browser import QuietHandler, serve

NAME = "Content-Security-Policy"


def policy_of(site: Path) -> str:
    """Read the policy in the file that the build leaves for the host."""
    lines = (site / "_headers").read_text(encoding="utf-8").splitlines()
    (policy,) = (line.partition(": ")[2] for line in lines if NAME in line)
    return policy


def serve_strictly(site: Path) -> contextlib.AbstractContextManager[str]:
    """Serve a folder on this machine, the policy with each answer."""
    policy = policy_of(site)

    class StrictHandler(QuietHandler):
        def end_headers(self) -> None:
            self.send_header(NAME, policy)
            super().end_headers()

    return serve(site, StrictHandler)
