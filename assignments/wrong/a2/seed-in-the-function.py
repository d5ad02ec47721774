"""A generator is made inside, always with the same seed; the one given is not used."""
# fails: test-xavier-normal, test-network


# %% xavier-normal
def xavier_normal(shape, rng):
    rng = np.random.default_rng(0)
    return rng.normal(0, math.sqrt(2 / sum(compute_fans(shape))), shape)
