"""What holds for the superuser holds for a normal user, too."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tools.paths import ROOT

HERE = Path(__file__).parent
CHOSEN = "owns or limits_cannot or process_1 or first_to_go or empty_files or kills"
PLAIN = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": "."}
NOBODY = "12345"  # whose home is elsewhere


def as_normal_user(home: Path) -> list[str]:
    """Return the words that run a command as a normal user, who can read the tests."""
    if os.getuid():
        return []
    closed = Path.home()
    needed = [ROOT, Path(sys.prefix), Path(sys.base_prefix)]
    below = {
        path.relative_to(closed).parts[0]
        for path in needed
        if path.is_relative_to(closed)
    }
    words = ["bwrap", "--dev-bind", "/", "/", "--perms", "0755", "--tmpfs", closed]
    for name in sorted(below):
        words += ["--ro-bind", closed / name, closed / name]
    words += ["--setenv", "HOME", home, "--die-with-parent"]
    words += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
    words += ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
    return [*map(str, words), "--inh-caps=-all", "--no-new-privs", "--"]


@pytest.mark.turns(3, 0)
@pytest.mark.usefixtures("bubblewrap")
def test_the_walls_hold_for_a_normal_user():
    if os.getuid():
        return  # the tests beside this one have just shown it
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-c", "/dev/null", "--rootdir", ".", "--import-mode", "importlib"]
        command += ["--confcutdir", "tests/assignments", "-k", CHOSEN]
        command += ["--basetemp", f"{folder}/base"]
        command += [str(HERE / "test_walls.py"), str(HERE / "test_sandbox.py")]
        done = subprocess.run(
            [*as_normal_user(Path(folder)), *command],
            cwd=ROOT,
            env=os.environ | PLAIN,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
