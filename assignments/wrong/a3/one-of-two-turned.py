"""Only the first of the two square matrices is turned round."""
# fails: test-cure-h


# %% cure-h
def cure_h(params, rng):
    W, b = params[1]
    return [params[0], (W.T, b), *params[2:]]
