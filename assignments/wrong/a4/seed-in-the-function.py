"""Weights and branches come from a generator with a seed of their own."""
# fails: test-draw, test-branches-random


# %% draw
def draw(shape, phi, rng):
    rng = np.random.default_rng(0)
    return rng.normal(0, gain_of(phi) / np.sqrt(shape[0]), shape)


# %% branches
def init_branches(width, blocks, rng):
    rng = np.random.default_rng(0)
    scales = np.sqrt(2 / width), np.sqrt(1 / (width * blocks))
    return [
        tuple(rng.normal(0, s, (width, width)) for s in scales) for _ in range(blocks)
    ]
