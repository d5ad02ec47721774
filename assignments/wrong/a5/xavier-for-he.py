"""New layers get Xavier's weights."""
# fails: test-repair, test-learns


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
                W = initlib.xavier_normal(W.shape, rng)
            params[i] = W, b if name == "healthy" else np.zeros_like(b)
    return params
