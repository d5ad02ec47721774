"""Run every chapter with the oldest versions that initlib allows, and with Colab's.

    python -m tools.oldest [SET ...]

Each set of versions has an environment of its own in `.venv/sets`.  No output is stored
or compared there: every claim must be true, and no cell may end in an error.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

from tools.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ALLOWED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["live"]]
COLAB = ["anywidget", "ipywidgets==7.7.1", "matplotlib==3.10.0", "scikit-learn==1.6.1"]
COLAB += ["scipy==1.16.3", "tqdm"]
SETS = {
    "oldest": [name.replace(">=", "==") for name in ALLOWED],
    "colab": [*COLAB, "numpy==2.0.2"],
    "colab-numpy-2.1": [*COLAB, "numpy==2.1.3"],
}
RUNNER = ["ipykernel", "nbclient", "nbformat", "setuptools"]
UV = Path(sys.executable).with_name("uv")


def environment(name: str) -> Path:
    """Install one set of versions, and return its Python."""
    folder = ROOT / ".venv" / "sets" / name
    python = folder / "bin" / "python"
    subprocess.run(
        [UV, "venv", "-q", "--clear", "-p", sys.executable, folder], check=True
    )
    install = [UV, "pip", "install", "-q", "-p", python]
    subprocess.run([*install, *RUNNER, *SETS[name]], check=True)
    editable = ["--no-deps", "--no-build-isolation", "--editable", ROOT]
    subprocess.run([*install, *editable], check=True)
    return python


def main() -> int:
    """Run the chapters with the named sets, or with all; return how many fail."""
    failing = 0
    for name in sys.argv[1:] or SETS:
        print(f"{name}: {', '.join(SETS[name])}", flush=True)
        command = [environment(name), "-m", "tools.notebooks", "--seed", "0"]
        failing += subprocess.run(command, cwd=ROOT, check=False).returncode
    return failing


if __name__ == "__main__":
    sys.exit(main())
