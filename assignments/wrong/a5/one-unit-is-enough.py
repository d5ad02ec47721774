"""A layer is called silent for a single silent unit."""
# fails: test-weights, test-silence, test-repair, test-learns


# %% verdicts
# -         quiet = np.mean((z <= 0).all(axis=0)) > 0.8
# +         quiet = (z <= 0).all(axis=0).any()
