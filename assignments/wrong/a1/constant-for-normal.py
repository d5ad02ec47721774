"""Every weight is `std`."""
# fails: test-normal, test-layers


# %% normal
def normal(shape, rng, std):
    return np.full(shape, float(std))
