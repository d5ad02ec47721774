"""Numbers come from NumPy's global state, so that no seed decides."""
# fails: test-he-normal, test-he-uniform, test-network


# %% he-normal
def he_normal(shape, rng):
    return math.sqrt(2 / compute_fans(shape)[0]) * np.random.standard_normal(shape)


# %% he-uniform
def he_uniform(shape, rng):
    limit = math.sqrt(6 / compute_fans(shape)[0])
    return np.random.uniform(-limit, limit, shape)
