"""The weights are float32."""
# fails: test-xavier-normal, test-he-uniform, test-network


# %% xavier-normal
def xavier_normal(shape, rng):
    std = math.sqrt(2 / sum(compute_fans(shape)))
    return rng.normal(0, std, shape).astype(np.float32)


# %% he-uniform
def he_uniform(shape, rng):
    limit = math.sqrt(6 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape).astype(np.float32)
