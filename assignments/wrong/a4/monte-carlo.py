"""The mean over 100 000 random draws: right to two or three digits."""
# fails: test-gain-smooth, test-gain-kinks, test-gain-mean


# %% gain
def gain_of(phi):
    return 1 / np.sqrt(mean_square(phi, 1.0))


def mean_square(phi, q):
    return np.mean(phi(np.sqrt(q) * np.random.default_rng(4).normal(size=100_000)) ** 2)
