"""The weights are float32."""
# fails: test-normal, test-layers


# %% normal
def normal(shape, rng, std):
    return rng.normal(0, std, shape).astype(np.float32)
