"""The branches keep what they receive, so that the stream doubles in each block."""
# fails: test-branches-size


# %% branches
def init_branches(width, blocks, rng):
    scales = np.sqrt(2 / width), np.sqrt(1 / width)
    return [
        tuple(rng.normal(0, s, (width, width)) for s in scales) for _ in range(blocks)
    ]
