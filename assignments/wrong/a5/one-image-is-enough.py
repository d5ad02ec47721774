"""Units count as silent that are so for one image."""
# fails: test-weights, test-silence, test-repair, test-learns


# %% verdicts
# -         quiet = np.mean((z <= 0).all(axis=0)) > 0.8
# +         quiet = np.mean((z <= 0).any(axis=0)) > 0.8
