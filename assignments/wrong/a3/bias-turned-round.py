"""The output bias is turned round, or only made a little smaller."""
# fails: test-cure-b


# %% cure-b
def cure_b(params, rng):
    W, b = params[-1]
    return [*params[:-1], (W, -b / 4)]
