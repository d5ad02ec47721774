"""The standard deviation is used as the limit of a uniform distribution."""
# fails: test-draw


# %% draw
def draw(shape, phi, rng):
    limit = gain_of(phi) / np.sqrt(shape[0])
    return rng.uniform(-limit, limit, shape)
