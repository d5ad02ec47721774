"""The uniform weights lie between 0 and twice the limit: no weight is negative."""
# fails: test-xavier-uniform, test-he-uniform


# %% xavier-uniform
def xavier_uniform(shape, rng):
    limit = math.sqrt(6 / sum(compute_fans(shape)))
    return rng.uniform(0, 2 * limit, shape)


# %% he-uniform
def he_uniform(shape, rng):
    return 2 * math.sqrt(6 / compute_fans(shape)[0]) * rng.random(shape)
