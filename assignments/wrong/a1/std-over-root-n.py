"""The standard deviation is divided by the root of fan_in, which nobody asked for."""
# fails: test-layers


# %% layers
def normal_layers(sizes, std, rng):
    return [normal((n, m), rng, std / n**0.5) for n, m in pairwise(sizes)]
