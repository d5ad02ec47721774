"""All layers get one mean fan: the formula still does not look at the layer."""
# fails: test-cure-f


# %% cure-f
def cure_f(params, rng):
    fan = np.mean([len(W) for W, b in params])
    return [(rng.normal(0, np.sqrt(2 / fan), W.shape), b) for W, b in params]
