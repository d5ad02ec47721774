"""The factor on the gradient's second moment is computed in place of the drift."""
# fails: test-drift


# %% drift
def drift_of(phi):
    def slope(z):
        return (phi(z + 1e-4) - phi(z - 1e-4)) / 2e-4

    return mean_square(slope, 1.0) / mean_square(phi, 1.0)
