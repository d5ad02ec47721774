"""The copied network is trained anew, on the images that it is judged by."""
# fails: test-cure-h


# %% cure-h
def cure_h(params, rng):
    start = [(initlib.he_normal(W.shape, rng), np.zeros_like(b)) for W, b in params]
    settings = {"lr": 0.1, "steps": 100, "batch": 50, "rng": rng}
    loss = initlib.softmax_cross_entropy
    return initlib.fit(start, relu, loss, x, y, **settings).params
