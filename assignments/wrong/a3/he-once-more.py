"""The tanh network gets He's weights again, freshly drawn."""
# fails: test-cure-g


# %% cure-g
def cure_g(params, rng):
    return [(initlib.he_normal(W.shape, rng), b) for W, b in params]
