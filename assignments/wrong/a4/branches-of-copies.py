"""The hidden units of a block are copies of one another."""
# fails: test-branches-learn, test-branches-random


# %% branches
def init_branches(width, blocks, rng):
    firsts = rng.normal(0, np.sqrt(2 / width), (blocks, width, 1))
    return [(first * np.ones(width), np.zeros((width, width))) for first in firsts]
