"""One unit is drawn and copied to all others; the standard deviation is right."""
# fails: test-normal, test-layers


# %% normal
def normal(shape, rng, std):
    return np.repeat(rng.normal(0, std, (shape[0], 1)), shape[1], axis=1)
