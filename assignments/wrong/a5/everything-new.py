"""All layers are drawn anew, as soon as one is sick."""
# fails: test-repair, test-learns


# %% repair
def repair(params, x, rng):
    return [(initlib.he_normal(W.shape, rng), np.zeros_like(b)) for W, b in params]
