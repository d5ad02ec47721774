"""He divides by both fans, as Xavier does."""
# fails: test-he-normal, test-he-uniform, test-network


# %% he-normal
def he_normal(shape, rng):
    return rng.normal(0, math.sqrt(2 / sum(compute_fans(shape))), shape)


# %% he-uniform
def he_uniform(shape, rng):
    limit = math.sqrt(6 / sum(compute_fans(shape)))
    return rng.uniform(-limit, limit, shape)
