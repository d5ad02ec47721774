"""The variance of a branch is divided by the root of the number of blocks."""
# fails: test-branches-size


# %% branches
def init_branches(width, blocks, rng):
    scales = np.sqrt(2 / width), np.sqrt(1 / (width * np.sqrt(blocks)))
    return [
        tuple(rng.normal(0, s, (width, width)) for s in scales) for _ in range(blocks)
    ]
