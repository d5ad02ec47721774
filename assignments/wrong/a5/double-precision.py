"""The numbers are written as float64."""
# fails: test-write-back


# %% write-back
def write_back(params, state):
    arrays = {}
    for name, (W, b) in zip(names_of(state), params, strict=True):
        arrays |= {f"{name}.weight": W.T, f"{name}.bias": b}
    return {key: arrays[key] for key in arrays if key in state}
