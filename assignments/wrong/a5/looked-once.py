"""What was hidden by another fault is not looked for again."""
# fails: test-repair, test-learns


# %% repair
# -     for _ in range(len(params)):  # a round mends at least one layer
# +     for _ in range(1):
