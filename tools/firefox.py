"""A Firefox to see the site with, driven over WebDriver BiDi.

Playwright drives a Firefox of its own alone; this is the one that readers have.
"""

import contextlib
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket

PROGRAMS = ("firefox", "firefox-esr")
OPTIONS = ("--headless", "--no-remote", "--remote-debugging-port", "0")
PATIENCE = 60  # seconds, for busy machines
# Firefox says it of a formula whose last part has not arrived yet.
UNFINISHED = "Invalid markup: Incorrect number of children"
SETTINGS = {  # ask nobody anything
    "app.normandy.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,
}


def find_firefox() -> str | None:
    """Return the path of a Firefox: $FIREFOX, or what the system calls it."""
    found = map(shutil.which, [os.environ.get("FIREFOX", ""), *PROGRAMS])
    return next(filter(None, found), None)


def is_problem(entry: dict[str, Any]) -> bool:
    """Tell whether an entry of the console says that something is wrong."""
    return entry["level"] != "info" and not entry["text"].startswith(UNFINISHED)


class Firefox:
    """One window, and what its console has said."""

    def __init__(self, address: str):
        self.socket = websocket.create_connection(
            address, timeout=PATIENCE, suppress_origin=True
        )
        self.numbers = itertools.count()
        self.problems: list[str] = []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.window = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result; note what is said meanwhile."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (told := json.loads(self.socket.recv())).get("id") != number:
            entry = told.get("params", {})
            if told.get("method") == "log.entryAdded" and is_problem(entry):
                self.problems.append(f"{entry['level']}: {entry['text']}")
        if told["type"] == "error":
            raise RuntimeError(f"{method}: {told['message']}")
        return told["result"]

    def open(self, address: str) -> None:
        """Open a page and wait until it has loaded."""
        self.ask(
            "browsingContext.navigate",
            context=self.window,
            url=address,
            wait="complete",
        )

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self.window, viewport=size)

    def evaluate(self, expression: str) -> Any:
        """Return what an expression, or its promise, comes to as JSON."""
        told = self.ask(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(JSON.stringify)",
            target={"context": self.window},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"].get("value", "null"))


def address_of(process: subprocess.Popen) -> str:
    """Return where a Firefox listens, as it says itself."""
    for line in process.stderr:
        if "WebDriver BiDi listening on " in line:
            return line.split()[-1] + "/session"
    raise RuntimeError("Firefox ended before it listened")


@contextlib.contextmanager
def launch(program: str) -> Iterator[Firefox]:
    """Start a Firefox with a profile of its own, and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        pairs = (f"{json.dumps(k)}, {json.dumps(v)}" for k, v in SETTINGS.items())
        settings = "".join(f"user_pref({pair});\n" for pair in pairs)
        Path(profile, "user.js").write_text(settings, encoding="utf-8")
        process = subprocess.Popen(
            [program, *OPTIONS, "--profile", profile, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            firefox = Firefox(address_of(process))
            with contextlib.closing(firefox.socket):
                yield firefox
        finally:
            process.terminate()
            process.wait()
            process.stderr.close()
