"""A uniform distribution with the right standard deviation."""
# fails: test-normal


# %% normal
def normal(shape, rng, std):
    return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, shape)
