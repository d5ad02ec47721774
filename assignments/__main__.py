"""Release, check and grade the assignments of the course.

    python -m assignments release                      write the students' notebooks
    python -m assignments check                        prove that the grading is fair
    python -m assignments grade FOLDER --assignment a2 --out marks

`assignments/README.md` tells the whole way from release to gradebook.
"""

import argparse
import os
import re
import sys
from pathlib import Path

from assignments import masters
from assignments.masters import Master, MasterError

RELEASED = Path("book/assignments")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m assignments",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    release = commands.add_parser("release", help="write the students' notebooks")
    release.add_argument("--out", type=Path, default=RELEASED, metavar="FOLDER")
    release.set_defaults(run=run_release)
    check = commands.add_parser("check", help="prove that the grading is fair")
    check.set_defaults(run=run_check)
    for command in (release, check):
        command.add_argument(
            "names", nargs="*", metavar="ASSIGNMENT", help="such as a2; default: all"
        )
    check.add_argument("--workers", **WORKERS)
    add_grade(commands)
    return top


WORKERS = {
    "type": int,
    "default": os.cpu_count(),
    "metavar": "N",
    "help": "processes at a time (default: one a core)",
}


def add_grade(commands) -> None:
    """Add the command that grades."""
    grade = commands.add_parser(
        "grade",
        help="grade a folder of submissions",
        description="Grade a folder, or a zip file, of submissions. What is graded "
        "already and has not changed is not graded again: after an interruption, or "
        "when marks for written answers have come in, run the same command again.",
    )
    add = grade.add_argument
    add("folder", type=Path, metavar="FOLDER", help="as downloaded; zip file or folder")
    add("--assignment", required=True, metavar="NAME", help="such as a2, or a master")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where all goes")
    add(
        "--manual",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="filled-in sheet of a question, beside those in OUT/.../manual",
    )
    add(
        "--gradebook",
        type=Path,
        metavar="FILE",
        help="CSV downloaded from Canvas or Moodle; a copy gets the marks",
    )
    add("--column", default="", metavar="NAME", help="its column for this assignment")
    add("--workers", **WORKERS)
    add("--dask", default="", metavar="ADDRESS", help="of a Dask scheduler, or `local`")
    add(
        "--shard",
        type=shard,
        default=(1, 1),
        metavar="K/N",
        help="grade the K-th of N parts; run without it at the end",
    )
    grade.set_defaults(run=run_grade)


def shard(text: str) -> tuple[int, int]:
    """Return the two numbers of `3/16`."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not like 3/16")
    return int(found[1]), int(found[2])


def named(names: list[str]) -> list[Master]:
    """Return the masters of these names, or all."""
    paths = [masters.find(name) for name in names] or masters.paths()
    return [masters.read(path) for path in paths]


def run_release(arguments: argparse.Namespace) -> int:
    """Write the students' notebooks."""
    from assignments import release

    for master in named(arguments.names):
        for path in release.release(master, arguments.out):
            print(path)
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """Check all that CI proves, and print a table."""
    from assignments import check

    return check.report(named(arguments.names), arguments.workers)


def run_grade(arguments: argparse.Namespace) -> int:
    """Grade a folder and say what happened."""
    from assignments import grading

    options = grading.Options(
        arguments.workers,
        arguments.dask,
        arguments.shard,
        tuple(arguments.manual),
        arguments.gradebook,
        arguments.column,
    )
    master = masters.read(masters.find(arguments.assignment))
    outcome = grading.grade_folder(master, arguments.folder, arguments.out, options)
    before = len(outcome.records) - outcome.graded
    cpu = sum(record.cpu_seconds for record in outcome.records)
    print(*outcome.said, *outcome.failed, sep="\n")
    print(
        f"{outcome.graded} graded now, {before} before, {len(outcome.failed)} not; "
        f"{cpu:.0f} CPU-seconds in all. See {outcome.folder}."
    )
    return bool(outcome.failed)


def main() -> int:
    """Run a command; what a person can mend is said in a sentence."""
    arguments = parser().parse_args()
    from assignments import grading, sandbox, submissions, tables

    mendable = (
        MasterError,
        grading.BusyError,
        sandbox.Unavailable,
        submissions.SubmissionError,
        tables.TableError,
    )
    try:
        return arguments.run(arguments)
    except mendable as error:
        print(f"{parser().prog}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        told = "stopped; what is graded is kept, the same command goes on from there"
        print(f"{parser().prog}: {told}", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
