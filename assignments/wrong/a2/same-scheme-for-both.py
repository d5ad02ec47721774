"""The activation is not asked: He for tanh too."""
# fails: test-network


# %% network
def init_network(sizes, activation, rng):
    return [he_normal(shape, rng) for shape in pairwise(sizes)]
