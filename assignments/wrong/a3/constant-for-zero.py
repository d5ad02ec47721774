"""The zero layer is filled with one number, of He's size: its units are copies."""
# fails: test-cure-a


# %% cure-a
def cure_a(params, rng):
    W, b = params[4]
    return [*params[:4], (np.full_like(W, np.sqrt(2 / len(W))), b), *params[5:]]
