"""Layers that are drawn anew keep their biases."""
# fails: test-repair


# %% repair
# -             params[i] = W, b if name == "healthy" else np.zeros_like(b)
# +             params[i] = W, np.zeros_like(b) if name == "silent" else np.nan_to_num(b)
