"""The variance is given where the standard deviation belongs."""
# fails: test-normal, test-layers


# %% normal
def normal(shape, rng, std):
    return rng.normal(0, std**2, shape)
