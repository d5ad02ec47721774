"""Cures that return nothing, or the weights alone."""
# fails: test-cure-b, test-cure-c


# %% cure-b
def cure_b(params, rng):
    params[-1] = (params[-1][0], np.zeros(10))


# %% cure-c
def cure_c(params, rng):
    return [W / np.sqrt(2) for W, b in params]
