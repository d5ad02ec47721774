"""The nearest formula always counts as a fit, so that nothing is unknown."""
# fails: test-scheme


# %% scheme
def scheme_of(W):
    fan_in, fan_out = W.shape
    mean = (fan_in + fan_out) / 2
    size = np.sqrt(np.mean(W**2))
    if size == 0:
        return "zeros"
    rows = {"lecun_normal": 1 / fan_in, "xavier_normal": 1 / mean}
    rows |= {"he_normal": 2 / fan_in, "he_fan_out": 2 / fan_out}
    if np.abs(W).max() < 2 * size:
        rows = {"xavier_uniform": 1 / mean, "he_uniform": 2 / fan_in}
        rows["torch_default"] = 1 / 3 / fan_in
    return min(rows, key=lambda name: abs(np.log(size**2 / rows[name])))
