"""One block is drawn, and used in all places."""
# fails: test-branches-random


# %% branches
def init_branches(width, blocks, rng):
    first = rng.normal(0, np.sqrt(2 / width), (width, width))
    return [(first, np.zeros((width, width)))] * blocks
