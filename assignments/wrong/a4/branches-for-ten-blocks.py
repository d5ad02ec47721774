"""The branches are scaled for ten blocks, however many there are."""
# fails: test-branches-size


# %% branches
def init_branches(width, blocks, rng):
    scales = np.sqrt(2 / width), np.sqrt(1 / (10 * width))
    return [
        tuple(rng.normal(0, s, (width, width)) for s in scales) for _ in range(blocks)
    ]
