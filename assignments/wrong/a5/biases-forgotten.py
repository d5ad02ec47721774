"""Units count as copies whatever their biases, and a bias may be infinite."""
# fails: test-weights


# %% verdicts
def verdicts(params, x):
    found, h = [], x
    *hidden, (W_last, b_last) = params
    for W, b in hidden:
        with np.errstate(invalid="ignore"):  # infinity minus infinity
            z = h @ W + b
        found.append(verdict(W, b))
        quiet = np.mean((z <= 0).all(axis=0)) > 0.8
        if quiet and set(found) == {"healthy"}:
            found[-1] = "silent"
        h = np.maximum(z, 0)
    last = "wrong scale" if scale_of(W_last) > 1.25 else "healthy"
    finite = np.isfinite([*W_last, b_last]).all()
    return [*found, last if finite else "not finite"]


def verdict(W, b):
    if not np.isfinite(W).all():
        return "not finite"
    if np.ptp(W) == 0:
        return "constant"
    if len({*map(bytes, W.T.copy())}) < len(b):
        return "copied units"
    return "healthy" if 0.75 <= scale_of(W) <= 1.25 else "wrong scale"


def scale_of(W):
    return np.sqrt(np.mean(W**2) * len(W) / 2)
