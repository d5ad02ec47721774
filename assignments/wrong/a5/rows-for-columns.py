"""Copies are looked for among what a layer takes, not among its units."""
# fails: test-weights, test-repair, test-learns


# %% verdicts
# -     if len({*map(bytes, np.array([*W, b]).T.copy())}) < len(b):
# +     if len({*map(bytes, W.copy())}) < len(W):
