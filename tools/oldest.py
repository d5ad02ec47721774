"""Run every chapter with other versions than ours, as readers will.

    python -m tools.oldest [SET ...]

The sets are the oldest versions that initlib allows, Colab's, those of the Pyodide that
runs cells in the page, and what Binder installs.  Each has an environment of its own in
`.venv/sets`.  No output is stored or compared there: every claim must be true, and no
cell may end in an error.
"""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tools.paths import CHAPTERS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ALLOWED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["live"]]
COLAB = ["anywidget", "ipywidgets==7.7.1", "matplotlib==3.10.0", "scikit-learn==1.6.1"]
COLAB += ["scipy==1.16.3", "tqdm"]
PAGE = ["matplotlib==3.10.8", "numpy==2.4.6", "scikit-learn==1.8.0", "scipy<=1.18.0"]
PAGE += ["tqdm==4.67.3", "traitlets==5.14.3"]  # SciPy 1.18 wants Python 3.12
BINDER = ROOT / ".binder" / "requirements.txt"
SETS = {
    "oldest": [name.replace(">=", "==") for name in ALLOWED],
    "colab": [*COLAB, "numpy==2.0.2"],
    "colab-numpy-2.1": [*COLAB, "numpy==2.1.3"],
    "page": PAGE,
    "binder": ["--requirements", str(BINDER)],
}
MOST_MEGABYTES = 450  # that Binder installs
RUNNER = ["ipykernel", "nbclient", "nbformat", "setuptools"]
UV = Path(sys.executable).with_name("uv")


def install(python: Path, *what: str | Path) -> None:
    """Install something, with bytecode as pip makes it."""
    command = [UV, "pip", "install", "-q", "--compile-bytecode", "-p", python, *what]
    subprocess.run(command, cwd=ROOT, check=True)


def environment(folder: Path, versions: list[str]) -> Path:
    """Install one set of versions, and return its Python."""
    python = folder / "bin" / "python"
    subprocess.run(
        [UV, "venv", "-q", "--clear", "-p", sys.executable, folder], check=True
    )
    install(python, *versions)
    return python


def megabytes(folder: Path) -> float:
    """Return what the files in a folder weigh."""
    files = (path for path in folder.rglob("*") if not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


def run_chapters(python: Path, *, in_page: bool) -> int:
    """Return how many runs fail: one of all chapters, or in the page one of each."""
    command = [python, "-m", "tools.notebooks", "--seed", "0"]
    if not in_page:
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    command, quiet = [python, "-m", "tools.in_page"], os.environ | {"TQDM_DISABLE": "1"}
    failing = 0
    for path in CHAPTERS:
        done = subprocess.run(
            [*command, path], cwd=ROOT, env=quiet, stdout=subprocess.DEVNULL
        )
        print(f"{path.name}: {'wrong' if done.returncode else 'good'}", flush=True)
        failing += bool(done.returncode)
    return failing


def main() -> int:
    """Run the chapters with the named sets, or with all; return how many fail."""
    failing = 0
    for name in sys.argv[1:] or SETS:
        print(f"{name}: {', '.join(SETS[name])}", flush=True)
        folder = ROOT / ".venv" / "sets" / name
        python = environment(folder, SETS[name])
        weight = megabytes(folder)
        print(f"{name}: {weight:.0f} MB", flush=True)
        failing += name == "binder" and weight > MOST_MEGABYTES
        install(python, *RUNNER)
        install(python, "--no-deps", "--no-build-isolation", "--editable", ROOT)
        failing += run_chapters(python, in_page=name == "page")
    return failing


if __name__ == "__main__":
    sys.exit(main())
