"""The variance is given where the standard deviation belongs."""
# fails: test-xavier-normal, test-he-normal, test-network


# %% xavier-normal
def xavier_normal(shape, rng):
    return rng.normal(0, 2 / sum(compute_fans(shape)), shape)


# %% he-normal
def he_normal(shape, rng):
    return rng.normal(0, 2 / compute_fans(shape)[0], shape)
