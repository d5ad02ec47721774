"""ReLU networks are mended with Xavier's weights."""
# fails: test-cure-a, test-cure-d, test-cure-f


# %% cure-a
def cure_a(params, rng):
    W, b = params[4]
    return [*params[:4], (initlib.xavier_normal(W.shape, rng), b), *params[5:]]


# %% cure-d
def cure_d(params, rng):
    return [(initlib.xavier_normal(W.shape, rng), np.zeros_like(b)) for W, b in params]


# %% cure-f
def cure_f(params, rng):
    return [(initlib.xavier_normal(W.shape, rng), b) for W, b in params]
