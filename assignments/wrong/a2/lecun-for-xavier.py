"""Variance 1 / fan_in under Xavier's name; in square layers nobody would notice."""
# fails: test-xavier-normal, test-xavier-uniform, test-network


# %% xavier-normal
def xavier_normal(shape, rng):
    return rng.normal(0, math.sqrt(1 / compute_fans(shape)[0]), shape)


# %% xavier-uniform
def xavier_uniform(shape, rng):
    limit = math.sqrt(3 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)
