"""New layers get Xavier's weights."""
# fails: test-repair, test-learns


# %% repair
# -                 W = initlib.he_normal(W.shape, rng)
# +                 W = initlib.xavier_normal(W.shape, rng)
