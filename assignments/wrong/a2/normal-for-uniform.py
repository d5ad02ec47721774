"""A normal distribution under the name of the uniform one; the variance is right."""
# fails: test-xavier-uniform, test-he-uniform


# %% xavier-uniform
def xavier_uniform(shape, rng):
    return rng.normal(0, math.sqrt(2 / sum(compute_fans(shape))), shape)


# %% he-uniform
def he_uniform(shape, rng):
    return rng.normal(0, math.sqrt(2 / compute_fans(shape)[0]), shape)
