"""The cut is at twice the std of what remains, and the spread is right only about."""
# fails: test-truncated


# %% truncated
def truncated_normal(shape, rng, std):
    z = rng.standard_normal(shape)
    while (outside := np.abs(z) > 2 * 0.8796).any():
        z[outside] = rng.standard_normal(outside.sum())
    return std * z / 0.8796
