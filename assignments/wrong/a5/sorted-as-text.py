"""Names are sorted as text, so that layer 10 comes before layer 2."""
# fails: test-layers, test-write-back, test-learns


# %% layers
# -     return sorted(names, key=lambda name: int("".join(filter(str.isdigit, name))))
# +     return sorted(names)
