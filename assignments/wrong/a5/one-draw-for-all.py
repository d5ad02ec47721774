"""Layers of the same shape get the same new weights."""
# fails: test-repair


# %% repair
# -     params = list(params)
# +     params = list(params)
# +     fresh = {W.shape: initlib.he_normal(W.shape, rng) for W, b in params}

# -                 W = initlib.he_normal(W.shape, rng)
# +                 W = fresh[W.shape]
