"""The first matrix of a branch is zero: behind a ReLU the way back is cut as well."""
# fails: test-branches-learn


# %% branches
def init_branches(width, blocks, rng):
    shape, std = (width, width), np.sqrt(1 / width)
    return [(np.zeros(shape), rng.normal(0, std, shape)) for _ in range(blocks)]
