"""What was hidden by another fault is not looked for again."""
# fails: test-repair, test-learns


# %% repair
def repair(params, x, rng):
    params = list(params)
    for _ in range(1):
        found = verdicts(params, x)
        if set(found) == {"healthy"}:
            break
        for i, name in enumerate(found):
            W, b = params[i]
            if name not in ("healthy", "silent"):
                W = initlib.he_normal(W.shape, rng)
            params[i] = W, b if name == "healthy" else np.zeros_like(b)
    return params
