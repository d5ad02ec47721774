"""He's weights, whatever the activation."""
# fails: test-draw


# %% draw
def draw(shape, phi, rng):
    return rng.normal(0, np.sqrt(2 / shape[0]), shape)
