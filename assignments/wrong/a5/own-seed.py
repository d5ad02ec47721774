"""New weights come from a seed in the function."""
# fails: test-repair


# %% repair
# -                 W = initlib.he_normal(W.shape, rng)
# +                 W = initlib.he_normal(W.shape, np.random.default_rng(7))
