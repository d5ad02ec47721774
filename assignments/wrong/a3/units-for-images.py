"""The variance is taken over the units of an image, not over the images of a unit."""
# fails: test-difference


# %% difference
def difference(z):
    size = np.mean(z**2)
    return np.sqrt(z.var(axis=1).mean() / size) if size > 0 else 0.0
