"""What stands in the place of what students write themselves."""


class TakenAwayError(NameError):
    """A submission called what its assignment takes away."""


class TakenAway:
    """Something of `initlib` that an assignment takes away: a name and no more."""

    def __init__(self, name):
        self.name = name

    def __call__(self, *arguments, **options):
        """Say that it is not there."""
        raise TakenAwayError(
            f"{self.name} is taken away in this assignment: write it yourself"
        )

    def __or__(self, other):
        """Let it stand in the annotation of an argument."""
        return self

    __ror__ = __or__

    def __mro_entries__(self, bases):
        """Let it stand among the bases of a class, which then has nothing of it."""
        return ()
