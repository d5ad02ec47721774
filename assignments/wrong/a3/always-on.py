"""Silent units are woken with a bias so large that they never switch off."""
# fails: test-cure-e


# %% cure-e
def cure_e(params, rng):
    return [(W, np.abs(b)) for W, b in params]
