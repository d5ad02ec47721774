"""Every layer is taken to have a bias."""
# fails: test-layers


# %% layers
# -         b = state.get(f"{name}.bias")
# -         b = None if b is None else b.astype(float)
# +         b = state[f"{name}.bias"].astype(float)
