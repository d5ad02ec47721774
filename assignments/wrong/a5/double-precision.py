"""The numbers are written as float64."""
# fails: test-write-back


# %% write-back
# -     return {key: arrays[key].astype(np.float32) for key in arrays if key in state}
# +     return {key: arrays[key] for key in arrays if key in state}
