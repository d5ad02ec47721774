"""A generator is made inside, always with the same seed; the one given is not used."""
# fails: test-normal, test-layers


# %% normal
def normal(shape, rng, std):
    return np.random.default_rng(0).normal(0, std, shape)
