"""Layers that are drawn anew keep their biases."""
# fails: test-repair


# %% repair
def repair(params, x, rng):
    params = list(params)
    for _ in range(len(params)):  # a round mends at least one layer
        found = verdicts(params, x)
        if set(found) == {"healthy"}:
            break
        for i, name in enumerate(found):
            W, b = params[i]
            if name not in ("healthy", "silent"):
                W = initlib.he_normal(W.shape, rng)
            params[i] = W, np.zeros_like(b) if name == "silent" else np.nan_to_num(b)
    return params
