"""The derivative of the second moment, without the gain that belongs to it."""
# fails: test-drift


# %% drift
def drift_of(phi):
    return (mean_square(phi, 1.001) - mean_square(phi, 0.999)) / 0.002
