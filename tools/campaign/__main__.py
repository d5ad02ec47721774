"""Say how many changes of each kind the tests notice.

    python -m tools.campaign [--seed 1] [--most 5] [KIND ...]

Ends with 1 when fewer are noticed than ought to be.
"""

import argparse
import sys

from tools.campaign.kinds import KINDS
from tools.campaign.report import Kind, run, table


def main(arguments: list[str], kinds: list[Kind]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "kinds", nargs="*", help="kinds whose names hold this; else all"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, help="mutants of a kind")
    given = parser.parse_args(arguments)
    wanted = [k for k in kinds if any(part in k.name for part in given.kinds or [""])]
    results = run(wanted, given.seed, given.most)
    print(table(results))
    return 0 if results and all(result.reached for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], KINDS))
