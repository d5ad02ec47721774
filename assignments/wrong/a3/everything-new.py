"""Networks that are ill in one place are drawn anew as a whole."""
# fails: test-cure-a, test-cure-b, test-cure-e


# %% cure-a
def cure_a(params, rng):
    return [(initlib.he_normal(W.shape, rng), np.zeros_like(b)) for W, b in params]


# %% cure-b
def cure_b(params, rng):
    return [(initlib.he_normal(W.shape, rng), np.zeros_like(b)) for W, b in params]


# %% cure-e
def cure_e(params, rng):
    return [(initlib.he_normal(W.shape, rng), np.zeros_like(b)) for W, b in params]
