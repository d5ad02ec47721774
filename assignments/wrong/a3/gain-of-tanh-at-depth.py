"""The tanh network gets the gain 5/3, which libraries list for tanh."""
# fails: test-cure-g


# %% cure-g
def cure_g(params, rng):
    return [(W * (5 / 3) / np.sqrt(2), b) for W, b in params]
