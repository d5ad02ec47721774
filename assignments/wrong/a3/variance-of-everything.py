"""The variance is taken over images and units together: unequal units count too."""
# fails: test-difference


# %% difference
def difference(z):
    return z.std() / np.sqrt(np.mean(z**2)) if z.any() else 0.0
