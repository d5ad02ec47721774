"""Weights beyond the cut are moved to it, in place of being drawn again."""
# fails: test-truncated


# %% truncated
def truncated_normal(shape, rng, std):
    z = np.clip(rng.standard_normal(shape), -2, 2)
    return std * z / 0.9594  # the std of the clipped numbers
