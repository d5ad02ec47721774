"""The numbers stay float32, as the file has them."""
# fails: test-layers


# %% layers
# -         b = None if b is None else b.astype(float)
# -         layers.append((state[f"{name}.weight"].astype(float), b))
# +         b = None if b is None else b
# +         layers.append((state[f"{name}.weight"], b))
