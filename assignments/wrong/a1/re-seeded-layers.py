"""Each layer begins with a generator of its own, so that layers are copies."""
# fails: test-layers


# %% layers
def normal_layers(sizes, std, rng):
    seed = rng.integers(2**32)
    return [normal(s, np.random.default_rng(seed), std) for s in pairwise(sizes)]
