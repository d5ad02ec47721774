"""Both matrices of each branch are zero, so that neither can learn."""
# fails: test-branches-learn, test-branches-random


# %% branches
def init_branches(width, blocks, rng):
    return [(np.zeros((width, width)), np.zeros((width, width))) for _ in range(blocks)]
