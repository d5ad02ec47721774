"""Terms are counted as if none cancelled: fan_in where its root belongs."""
# fails: test-std


# %% std
def std_for_factor(fan_in, factor):
    return factor / fan_in
