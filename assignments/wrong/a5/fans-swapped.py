"""The fans are read as torch has them, (fan_out, fan_in)."""
# fails: test-scheme


# %% scheme
def scheme_of(W):
    fan_out, fan_in = W.shape
    size = np.sqrt(np.mean(W**2))
    if size == 0:
        return "zeros"
    both = 2 / (fan_in + fan_out)
    rows = {"lecun_normal": 1 / fan_in, "xavier_normal": both}
    rows |= {"he_normal": 2 / fan_in, "he_fan_out": 2 / fan_out}
    if np.abs(W).max() < 2 * size:
        rows = {"xavier_uniform": both, "he_uniform": 2 / fan_in}
        rows["torch_default"] = 1 / 3 / fan_in
    for name, variance in rows.items():
        if abs(size / np.sqrt(variance) - 1) < 0.05:
            return name
    return "unknown"
