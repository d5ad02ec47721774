"""Numbers come from NumPy's global state, so that no seed decides."""
# fails: test-normal, test-layers


# %% normal
def normal(shape, rng, std):
    return std * np.random.standard_normal(shape)
