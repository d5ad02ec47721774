"""Whatever is silent is called so, also behind a layer that hands on nothing."""
# fails: test-silence


# %% verdicts
# -         if quiet and set(found) == {"healthy"}:
# +         if quiet and found[-1] == "healthy":
