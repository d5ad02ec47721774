"""He without its 2: variance 1 / fan_in, which is LeCun's."""
# fails: test-he-normal, test-he-uniform, test-network


# %% he-normal
def he_normal(shape, rng):
    return rng.normal(0, math.sqrt(1 / compute_fans(shape)[0]), shape)


# %% he-uniform
def he_uniform(shape, rng):
    limit = math.sqrt(3 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)
