"""Gauss-Hermite quadrature with 20 nodes: too coarse for a kink or a steep step."""
# fails: test-gain-smooth, test-gain-kinks, test-gain-mean, test-drift


# %% gain
def gain_of(phi):
    return 1 / np.sqrt(mean_square(phi, 1.0))


def mean_square(phi, q):
    z, weights = np.polynomial.hermite_e.hermegauss(20)
    return weights @ phi(np.sqrt(q) * z) ** 2 / np.sqrt(2 * np.pi)
