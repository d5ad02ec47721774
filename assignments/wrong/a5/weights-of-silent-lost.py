"""A silent layer is drawn anew, weights and all."""
# fails: test-repair, test-learns


# %% repair
# -             if name not in ("healthy", "silent"):
# +             if name != "healthy":
