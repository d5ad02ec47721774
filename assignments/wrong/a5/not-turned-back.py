"""Matrices are written as they stand here, not as torch has them."""
# fails: test-write-back


# %% write-back
# -         arrays |= {f"{name}.weight": W.T, f"{name}.bias": b}
# +         arrays |= {f"{name}.weight": W, f"{name}.bias": b}
