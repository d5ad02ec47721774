"""The root is forgotten: the gain of a variance, not of a standard deviation."""
# fails: test-gain-smooth, test-gain-kinks, test-gain-mean, test-draw


# %% gain
def gain_of(phi):
    return 1 / mean_square(phi, 1.0)


def mean_square(phi, q):
    z = np.linspace(-12, 12, 20_000)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.sum(phi(np.sqrt(q) * z) ** 2 * density) * (z[1] - z[0])
