"""The uniform limits have a 3 where the 6 belongs, which is LeCun's number."""
# fails: test-xavier-uniform, test-he-uniform


# %% xavier-uniform
def xavier_uniform(shape, rng):
    limit = math.sqrt(3 / sum(compute_fans(shape)))
    return rng.uniform(-limit, limit, shape)


# %% he-uniform
def he_uniform(shape, rng):
    limit = math.sqrt(3 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)
