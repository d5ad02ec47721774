"""Layers of the same shape get the same new weights."""
# fails: test-repair


# %% repair
def repair(params, x, rng):
    params = list(params)
    fresh = {W.shape: initlib.he_normal(W.shape, rng) for W, b in params}
    for _ in range(len(params)):  # a round mends at least one layer
        found = verdicts(params, x)
        if set(found) == {"healthy"}:
            break
        for i, name in enumerate(found):
            W, b = params[i]
            if name not in ("healthy", "silent"):
                W = fresh[W.shape]
            params[i] = W, b if name == "healthy" else np.zeros_like(b)
    return params
