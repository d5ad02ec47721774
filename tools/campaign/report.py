"""What a campaign tried, by kind, and whether enough of it was noticed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Trial:
    """One change: where it was made, what it was, and whether a test noticed.

    A test that waited in vain was late: on a busy machine that says nothing.
    """

    where: str
    change: str
    caught: bool
    late: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of change, the share of it that must be noticed, and how to try it.

    ``trials(rng, most)`` makes at most `most` changes that `rng` chooses.
    """

    name: str
    aim: float
    most: int
    trials: Callable[[Random, int], Iterable[Trial]]


@dataclass(frozen=True)
class Result:
    """What became of all trials of one kind."""

    kind: Kind
    trials: list[Trial]

    @property
    def caught(self) -> int:
        return sum(trial.caught for trial in self.trials)

    @property
    def share(self) -> float:
        """Return the share that was caught; a kind without a trial proves nothing."""
        return self.caught / len(self.trials) if self.trials else 0.0

    @property
    def reached(self) -> bool:
        return bool(self.trials) and self.share >= self.kind.aim

    @property
    def survivors(self) -> list[Trial]:
        return [trial for trial in self.trials if not trial.caught]


def run(kinds: Iterable[Kind], seed: int, most: int | None = None) -> list[Result]:
    """Try all kinds, each with random choices of its own."""
    return [
        Result(
            kind, list(kind.trials(Random(f"{seed} {kind.name}"), most or kind.most))
        )
        for kind in kinds
    ]


def table(results: Iterable[Result]) -> str:
    """Write kind, mutants, caught, share and aim, and below them the survivors."""
    results = list(results)
    wide = max([len(result.kind.name) for result in results], default=4)
    lines = [f"{'kind':{wide}} | mutants | caught | share | aim"]
    for result in results:
        mark = "" if result.reached else "  below its aim"
        lines.append(
            f"{result.kind.name:{wide}} | {len(result.trials):7} | {result.caught:6} | "
            f"{result.share:5.0%} | {result.kind.aim:.0%}{mark}"
        )
    for result in results:
        lines += [
            f"{'late' if trial.late else 'not noticed'} ({result.kind.name}): "
            f"{trial.where}: {trial.change}"
            for trial in result.survivors
        ]
    return "\n".join(lines)
