"""One row is drawn and copied to all inputs; std and histogram look right."""
# fails: test-xavier-normal, test-xavier-uniform, test-network


# %% xavier-normal
def xavier_normal(shape, rng):
    std = math.sqrt(2 / sum(compute_fans(shape)))
    return np.tile(rng.normal(0, std, shape[-1]), (*shape[:-1], 1))


# %% xavier-uniform
def xavier_uniform(shape, rng):
    limit = math.sqrt(6 / sum(compute_fans(shape)))
    return np.tile(rng.uniform(-limit, limit, shape[-1]), (*shape[:-1], 1))
