"""The uniform limit is the standard deviation: a third of the variance."""
# fails: test-xavier-uniform, test-he-uniform


# %% xavier-uniform
def xavier_uniform(shape, rng):
    limit = math.sqrt(2 / sum(compute_fans(shape)))
    return rng.uniform(-limit, limit, shape)


# %% he-uniform
def he_uniform(shape, rng):
    limit = math.sqrt(2 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)
