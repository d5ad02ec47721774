"""The double gain is taken away altogether: the scale 2 becomes 1, not the root of 2."""
# fails: test-cure-c


# %% cure-c
def cure_c(params, rng):
    return [(W / 2, b) for W, b in params]
