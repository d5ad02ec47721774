"""A bias is written for every layer."""
# fails: test-write-back


# %% write-back
def write_back(params, state):
    arrays = {}
    for name, (W, b) in zip(names_of(state), params, strict=True):
        arrays |= {f"{name}.weight": W.T, f"{name}.bias": b}
    return {key: arrays[key].astype(np.float32) for key in arrays}
