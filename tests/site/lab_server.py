"""Start JupyterLab in a folder, with no settings but those that keep it quiet."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

SETTINGS = {  # ask nothing of the network, and draw whole notebooks
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}


@contextlib.contextmanager
def serve_lab(folder: Path, environment: dict[str, str] | None = None) -> Iterator[str]:
    """Yield the address of a JupyterLab that shows a folder."""
    write_settings(folder / "JUPYTERLAB_SETTINGS_DIR")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.port=0", "--IdentityProvider.token="]
    command += ["--LabApp.extension_manager=readonly"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=own_environment(folder) | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield address_of(server, folder)
        finally:
            stop(server)


def own_environment(folder: Path) -> dict[str, str]:
    """Return variables that keep all that Jupyter remembers in a folder."""
    names = [
        *("HOME", "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"),
        *(f"JUPYTER_{kind}_DIR" for kind in ("CONFIG", "DATA", "RUNTIME")),
    ]
    return os.environ | {name: str(folder / name) for name in names}


def stop(server: subprocess.Popen) -> None:
    """End a server, which may wait for ever for a kernel that was still starting."""
    server.terminate()
    try:
        server.wait(timeout=2)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def write_settings(folder: Path) -> None:
    for name, values in SETTINGS.items():
        file = folder / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values), encoding="utf-8")


def address_of(server: subprocess.Popen, folder: Path) -> str:
    """Wait until the server has written down where it listens."""
    told = folder / "JUPYTER_RUNTIME_DIR" / f"jpserver-{server.pid}.json"
    while not (told.exists() and told.stat().st_size):
        assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
        time.sleep(0.05)
    return json.loads(told.read_text(encoding="utf-8"))["url"]
