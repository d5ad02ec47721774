"""A constant of 2 makes integers, which no step of training could change."""
# fails: test-constant


# %% constant
def constant(shape, rng, value):
    return np.full(shape, value)
