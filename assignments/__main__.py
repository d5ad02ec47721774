"""Release, check and grade the assignments of the course.

    python -m assignments release                      write the students' notebooks
    python -m assignments check                        prove that the grading is fair
    python -m assignments grade FOLDER --assignment a2 --out marks
    python -m assignments mark marks                   mark answers in the browser

`assignments/README.md` tells the whole way from release to gradebook.
"""

import argparse
import os
import re
import signal
import sys
import threading
import webbrowser
from datetime import timedelta
from functools import partial
from pathlib import Path

from assignments import masters, release, run
from assignments.grade import cgroups
from assignments.grade.walls import Unavailable
from assignments.hand_in.uploads import SubmissionError
from assignments.marking.desk import Desk, DeskError, find
from assignments.marking.server import Server
from assignments.marks import late
from assignments.marks.csv_files import TableError
from assignments.marks.late import Policy
from assignments.masters import Master, MasterError
from assignments.proof import cases
from assignments.run import BusyError

STOPPED = 130  # what a shell has for a program that Ctrl-C ended
RELEASED = Path("book/assignments")
MENDABLE = (
    *(MasterError, BusyError, Unavailable, SubmissionError, TableError),
    DeskError,
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m assignments",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    write = commands.add_parser("release", help="write the students' notebooks")
    write.add_argument("--out", type=Path, default=RELEASED, metavar="FOLDER")
    write.set_defaults(run=run_release)
    check = commands.add_parser("check", help="prove that the grading is fair")
    check.set_defaults(run=run_check)
    for command in (write, check):
        command.add_argument(
            "names", nargs="*", metavar="ASSIGNMENT", help="such as a2; default: all"
        )
    check.add_argument("--workers", **WORKERS)
    add_grade(commands)
    add_mark(commands)
    return top


def positive(text: str) -> int:
    """Return a number of at least 1."""
    if not re.fullmatch(r"0*[1-9]\d*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


WORKERS = {
    "type": positive,
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
    for name, options in GRADE.items():
        grade.add_argument(name, **options)
    grade.set_defaults(run=run_grade)


def said_by(parse):
    """Return a type of argument that says what is wrong as the parser of it does."""

    def argument(text: str):
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return argument


def shard(text: str) -> tuple[int, int]:
    """Return the two numbers of `3/16`."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not like 3/16")
    return int(found[1]), int(found[2])


GRADE = {
    "folder": {
        "type": Path,
        "metavar": "FOLDER",
        "help": "as downloaded; zip file or folder",
    },
    "--assignment": {
        "required": True,
        "metavar": "NAME",
        "help": "such as a2, or a master",
    },
    "--out": {
        "type": Path,
        "required": True,
        "metavar": "FOLDER",
        "help": "where all goes",
    },
    "--manual": {
        "type": Path,
        "action": "append",
        "default": [],
        "metavar": "FILE",
        "help": "filled-in sheet of a question, beside those in OUT/.../manual",
    },
    "--gradebook": {
        "type": Path,
        "metavar": "FILE",
        "help": "CSV downloaded from Canvas or Moodle; a copy gets the marks",
    },
    "--column": {
        "default": "",
        "metavar": "NAME",
        "help": "its column for this assignment",
    },
    "--roster": {
        "type": Path,
        "metavar": "FILE",
        "help": "CSV of the class, such as the gradebook: says who did not hand in",
    },
    "--due": {
        "type": said_by(partial(late.moment, ends=True)),
        "metavar": "TIME",
        "help": "such as 2026-11-27, or '2026-11-27 22:15', in this machine's zone",
    },
    "--late": {
        "type": said_by(late.rate),
        "metavar": "RATE",
        "help": "what lateness costs: 10%%/day (of the maximum), 0.5/hour, or none",
    },
    "--grace": {
        "type": said_by(late.span),
        "default": timedelta(),
        "metavar": "SPAN",
        "help": "lateness that costs nothing, such as 15min, 2h or 1d",
    },
    "--workers": WORKERS,
    "--dask": {
        "default": "",
        "metavar": "ADDRESS",
        "help": "of a Dask scheduler, or `local`",
    },
    "--shard": {
        "type": shard,
        "default": (1, 1),
        "metavar": "K/N",
        "help": "grade the K-th of N parts; run without it at the end",
    },
}


def add_mark(commands) -> None:
    """Add the command that shows the marking page."""
    mark = commands.add_parser(
        "mark",
        help="mark answers and plots in the browser",
        description="Show what waits for a marker in the browser of this machine, "
        "until Ctrl-C. Each mark is saved at once, into the sheets that grade reads.",
    )
    for name, options in MARK.items():
        mark.add_argument(name, **options)
    mark.set_defaults(run=run_mark)


MARK = {
    "results": {
        "type": Path,
        "metavar": "FOLDER",
        "help": "what grade wrote: --out, or the folder of one assignment in it",
    },
    "--assignment": {
        "default": "",
        "metavar": "NAME",
        "help": "such as a2, if several were graded",
    },
    "--anonymous": {
        "action": "store_true",
        "help": "hide the names, and show answers in an order that tells nothing",
    },
    "--no-browser": {
        "action": "store_true",
        "help": "only print the address",
    },
}


def named(names: list[str]) -> list[Master]:
    """Return the masters of these names, or all."""
    paths = [masters.find(name) for name in names] or masters.paths()
    return [masters.read(path) for path in paths]


def run_release(arguments: argparse.Namespace) -> int:
    """Write the students' notebooks."""
    for master in named(arguments.names):
        for path in release.release(master, arguments.out):
            print(path)
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """Check all that CI proves, and print a table."""
    return cases.report(named(arguments.names), arguments.workers)


def run_grade(arguments: argparse.Namespace) -> int:
    """Grade a folder and say what happened."""
    options = run.Options(
        arguments.workers,
        arguments.dask,
        arguments.shard,
        tuple(arguments.manual),
        arguments.gradebook,
        arguments.column,
        arguments.roster,
        policy(arguments),
    )
    master = masters.read(masters.find(arguments.assignment))
    outcome = run.grade_folder(master, arguments.folder, arguments.out, options)
    before = len(outcome.records) - outcome.graded
    cpu = sum(record.cpu_seconds for record in outcome.records)
    counted = [] if options.dask else [cgroups.said()]
    print(*outcome.said, *outcome.failed, *counted, sep="\n")
    print(
        f"{outcome.graded} graded now, {before} before, {len(outcome.failed)} not; "
        f"{cpu:.0f} CPU-seconds in all. See {outcome.folder}."
    )
    return bool(outcome.failed)


def policy(arguments: argparse.Namespace) -> Policy | None:
    """Return what lateness costs, if that was said."""
    rate, due, grace = arguments.late, arguments.due, arguments.grace
    if rate is None and (due or grace):
        raise TableError("--due and --grace say nothing without --late")
    if rate and rate.amount and not due:
        raise TableError("--late needs --due: when was it to be handed in?")
    return Policy(rate, due, grace) if rate else None


def run_mark(arguments: argparse.Namespace) -> int:
    """Serve the marking page until Ctrl-C."""
    master, folder = find(arguments.results, arguments.assignment)
    with Server(Desk(master, folder, arguments.anonymous)) as server:
        print(f"Marking page: {server.address}\nCtrl-C ends it.", flush=True)
        if not arguments.no_browser:
            opening = threading.Thread(target=webbrowser.open, args=[server.entrance])
            opening.daemon = True
            opening.start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nAll marks are saved. Run grade once more to write totals.")
    return 0


def main() -> int:
    """Run a command; what a person can mend is said in a sentence."""
    arguments = parser().parse_args()
    try:
        return arguments.run(arguments)
    except MENDABLE as error:
        print(f"{parser().prog}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        told = "stopped; what is graded is kept, the same command goes on from there"
        print(f"{parser().prog}: {told}", file=sys.stderr)
        return STOPPED


def end(code: int) -> None:
    """End this process; after Ctrl-C at once, as all that matters is stored."""
    if code == STOPPED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop as by Ctrl-C
    end(main())
