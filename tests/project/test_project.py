"""The files around the book and the library agree with one another."""

import re
import shutil
import subprocess
import tomllib
from collections import ChainMap

import pytest
import yaml

from tools import address
from tools.address import FILES, readdress_all
from tools.cover import README_FIGURE, readme_figure
from tools.notebooks import check
from tools.paths import ROOT

DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
NOTEBOOKS = [
    str(path.relative_to(ROOT))
    for pattern in address.NOTEBOOKS
    for path in sorted(ROOT.glob(pattern))
]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
MAKE = ["make", "--no-print-directory"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def requirements(name):
    lines = (line.partition("#")[0].strip() for line in read(name).splitlines())
    return [line for line in lines if line]


def direct() -> list[str]:
    """Return what is pinned for running the course and for building it."""
    running, building = map(
        requirements, (".binder/requirements.txt", "requirements.txt")
    )
    assert running.pop() == "-e ."
    assert building.pop(0) == "-r .binder/requirements.txt"
    return running + building


def copy_addressed_files(folder):
    for name in [*FILES, *NOTEBOOKS]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def test_public_address_is_the_same_everywhere(tmp_path):
    copy_addressed_files(tmp_path)
    assert readdress_all(tmp_path) == []


def test_fork_changes_one_line_to_get_its_own_address(tmp_path):
    copy_addressed_files(tmp_path)
    config = tmp_path / "_config.yml"
    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    old = settings["repository"]["url"]
    new = "https://github.com/Some-One/my.course"
    config.write_text(config.read_text(encoding="utf-8").replace(old, new))
    changed = {"README.md", "CITATION.cff", "_config.yml", *NOTEBOOKS}
    assert set(readdress_all(tmp_path)) >= changed
    chapters = [name for name in NOTEBOOKS if "chapters" in name]
    assert all(check(tmp_path / name) == [] for name in chapters)
    everything = [*FILES, *NOTEBOOKS]
    text = "".join((tmp_path / name).read_text("utf-8") for name in everything)
    assert "mybinder.org/v2/gh/Some-One/my.course/main" in text
    assert "https://some-one.github.io/my.course/" in text
    assert (
        f"git-pull?repo={new.replace(':', '%3A')}&urlpath=lab/tree/my.course/" in text
    )
    assert text.count(f"initlib[live] @ git+{new}") == len(NOTEBOOKS)
    assert old not in text
    assert "https://example.github.io" not in text
    assert readdress_all(tmp_path) == []


def test_picture_in_readme_is_the_one_that_a_chapter_computes():
    assert f"]({README_FIGURE})" in read("README.md")
    assert read(README_FIGURE) == readme_figure()


def test_requirements_are_pinned_and_locked():
    lock = read("requirements.lock")
    locked = dict(re.findall(r"^([\w.-]+)==([^ ;]+)", lock, re.MULTILINE))
    for line in [*direct(), *requirements("requirements-dev.txt")]:
        name, version = line.split("==")
        assert locked[name] == version, f"{line}: run `make lock`"


def test_every_locked_package_has_a_hash():
    entries = re.split(r"^(?=\w)", read("requirements.lock"), flags=re.MULTILINE)[1:]
    assert len(entries) > 100
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_library_asks_only_for_what_is_pinned():
    pinned = {line.split("==")[0] for line in direct()}
    needed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["live"]]
    assert {re.match(r"[\w-]+", name)[0] for name in needed} <= pinned


def test_version_is_the_same_everywhere():
    assert yaml.safe_load(read("CITATION.cff"))["version"] == PROJECT["version"]
    released = re.findall(r"^## \[(\d.*?)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert released[:1] in ([], [PROJECT["version"]])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_is_pinned_and_has_few_rights(path):
    text = path.read_text(encoding="utf-8")
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    for action in uses:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_what_each_run_tries_in_part_is_tried_each_week():
    switches = {
        switch
        for path in (ROOT / "tests").rglob("*.py")
        for switch in re.findall(r"\bEVERY_[A-Z]+\b", path.read_text(encoding="utf-8"))
    }
    assert len(switches) > 1
    weekly = yaml.safe_load(read(".github/workflows/weekly.yml"))["jobs"]["everything"]
    steps = [step.get("env", {}) for step in weekly["steps"]]
    given = dict(ChainMap(*steps))
    assert dict.fromkeys(switches, "1").items() <= given.items()
    assert all(f"`{switch}=1`" in read("CONTRIBUTING.md") for switch in switches)


def test_workflow_tests_every_supported_python():
    job = yaml.safe_load(read(".github/workflows/test.yml"))["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert PROJECT["requires-python"] == ">=3.11"  # Colab moves on without asking


@pytest.mark.parametrize(
    "path", [*DOCUMENTS, ROOT / ".ci/run", *WORKFLOWS], ids=lambda path: path.name
)
def test_every_make_command_exists(path):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`|run: )make ([a-z]+)", text, re.MULTILINE))
    assert named <= targets


def test_make_help_describes_every_target():
    described = subprocess.check_output([*MAKE, "help"], cwd=ROOT, text=True)
    phony = re.search(r"^\.PHONY: (.*)", read("Makefile"), re.MULTILINE)[1].split()
    assert [line.split()[0] for line in described.splitlines()] == phony


def elsewhere(makefile: str) -> list[str]:
    """Return commands that would install into an environment that is active."""
    installs = re.findall(r"uv pip (?:install|sync) .*", makefile)
    assert installs
    return [line for line in installs if "--python $(BIN)/python " not in line]


def test_make_installs_into_its_own_environment():
    """`uv pip sync` would empty the one that a reader has activated."""
    makefile = read("Makefile")
    assert elsewhere(makefile) == []
    assert elsewhere(makefile.replace("--python $(BIN)/python ", "", 1))


def test_layout_in_readme_exists():
    (layout,) = re.findall(r"```text\n(.*?)```", read("README.md"), re.DOTALL)
    lines = [re.split(r" {3,}", line)[0] for line in layout.splitlines()]
    names = " ".join(lines).split()
    assert len(names) >= len(lines)
    assert [name for name in names if not (ROOT / name).exists()] == []


def tracked() -> set[str]:
    """Return the files and folders of the root, and the folders one level down."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    found = set()
    for name in listed.rstrip("\0").split("\0"):
        first, *deeper = name.split("/")
        found.add(f"{first}/" if deeper else first)
        if len(deeper) > 1:
            found.add(f"{first}/{deeper[0]}/")
    return found


def places(text: str) -> set[str]:
    """Return what CONTRIBUTING names where it says what belongs where."""
    section = text.partition("## Where a file belongs\n")[2].partition("\n## ")[0]
    return set(re.findall(r"`([^`]+)`", section))


def test_contributing_says_where_a_file_belongs():
    named = places(read("CONTRIBUTING.md"))
    assert tracked() - named == set()
    folders = {name for name in named if "/" in name}
    assert {name for name in folders if not (ROOT / name).is_dir()} == set()


@pytest.mark.parametrize("name", ["`tools/sphinxext/`", "`.ci/`", "`Makefile`"])
def test_a_folder_without_a_sentence_is_noticed(name):
    text = read("CONTRIBUTING.md").replace(name, "")
    assert tracked() - places(text) == {name.strip("`")}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_links_between_files_lead_somewhere(path):
    text = re.sub(r"`[^`\n]*`", "", path.read_text(encoding="utf-8"))  # no code
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    local = [target for target in targets if not target.startswith("https://")]
    assert [target for target in local if not (ROOT / target).exists()] == []
