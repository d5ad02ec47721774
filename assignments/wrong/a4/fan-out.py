"""The weights are scaled by fan_out."""
# fails: test-draw


# %% draw
def draw(shape, phi, rng):
    return rng.normal(0, gain_of(phi) / np.sqrt(shape[1]), shape)
