"""Each layer begins with a generator of its own, so that layers are copies."""
# fails: test-network


# %% network
def init_network(sizes, activation, rng):
    init = {"tanh": xavier_normal, "relu": he_normal}[activation]
    seed = rng.integers(2**32)
    return [init(shape, np.random.default_rng(seed)) for shape in pairwise(sizes)]
