"""Gauss-Hermite quadrature with 80 nodes, which is still off at kinks and steps."""
# fails: test-gain-smooth, test-gain-kinks


# %% gain
def gain_of(phi):
    return 1 / np.sqrt(mean_square(phi, 1.0))


def mean_square(phi, q):
    z, weights = np.polynomial.hermite_e.hermegauss(80)
    return weights @ phi(np.sqrt(q) * z) ** 2 / np.sqrt(2 * np.pi)
