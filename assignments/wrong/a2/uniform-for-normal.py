"""A uniform distribution under the name of the normal one; the variance is right."""
# fails: test-xavier-normal, test-he-normal


# %% xavier-normal
def xavier_normal(shape, rng):
    limit = math.sqrt(6 / sum(compute_fans(shape)))
    return rng.uniform(-limit, limit, shape)


# %% he-normal
def he_normal(shape, rng):
    limit = math.sqrt(6 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)
