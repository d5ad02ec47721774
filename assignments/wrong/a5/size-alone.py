"""Only the size is compared, so that uniform weights are called normal."""
# fails: test-scheme


# %% scheme
def scheme_of(W):
    fan_in, fan_out = W.shape
    size = np.sqrt(np.mean(W**2))
    if size == 0:
        return "zeros"
    rows = {"lecun_normal": 1 / fan_in, "xavier_normal": 2 / (fan_in + fan_out)}
    rows |= {"he_normal": 2 / fan_in, "he_fan_out": 2 / fan_out}
    rows |= {"torch_default": 1 / 3 / fan_in}
    for name, variance in rows.items():
        if abs(size / np.sqrt(variance) - 1) < 0.05:
            return name
    return "unknown"
