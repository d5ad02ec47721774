"""The derivative is taken with respect to the root of the second moment."""
# fails: test-drift


# %% drift
def drift_of(phi):
    rise = mean_square(phi, 1.001**2) - mean_square(phi, 0.999**2)
    return rise / 0.002 / mean_square(phi, 1.0)
