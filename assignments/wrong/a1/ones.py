"""The value is not used."""
# fails: test-constant


# %% constant
def constant(shape, rng, value):
    return np.ones(shape)
