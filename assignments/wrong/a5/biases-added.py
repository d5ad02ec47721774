"""A bias is written for every layer."""
# fails: test-write-back


# %% write-back
# -     return {key: arrays[key].astype(np.float32) for key in arrays if key in state}
# +     return {key: arrays[key].astype(np.float32) for key in arrays}
