"""Of torch's default only the biases are mended."""
# fails: test-cure-d


# %% cure-d
def cure_d(params, rng):
    return [(W, np.zeros_like(b)) for W, b in params]
