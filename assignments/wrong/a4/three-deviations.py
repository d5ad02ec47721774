"""The integral ends at three standard deviations."""
# fails: test-gain-smooth, test-gain-kinks, test-gain-mean, test-drift


# %% gain
def gain_of(phi):
    return 1 / np.sqrt(mean_square(phi, 1.0))


def mean_square(phi, q):
    z = np.linspace(-3, 3, 20_000)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.sum(phi(np.sqrt(q) * z) ** 2 * density) * (z[1] - z[0])
