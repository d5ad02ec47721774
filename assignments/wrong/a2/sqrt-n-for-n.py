"""The root of the fans stands where the fans should, as if taken twice."""
# fails: test-xavier-normal, test-he-normal, test-network


# %% xavier-normal
def xavier_normal(shape, rng):
    return rng.normal(0, math.sqrt(2 / math.sqrt(sum(compute_fans(shape)))), shape)


# %% he-normal
def he_normal(shape, rng):
    return rng.normal(0, math.sqrt(2 / math.sqrt(compute_fans(shape)[0])), shape)
