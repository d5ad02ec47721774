"""Nothing is cut."""
# fails: test-truncated


# %% truncated
def truncated_normal(shape, rng, std):
    return rng.normal(0, std, shape)
