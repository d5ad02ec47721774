"""The activation that was asked for is not used."""
# fails: test-signal


# %% signal
def signal_rms(x, weights, activation):
    sizes = []
    for W in weights:
        z = x @ W
        sizes.append(math.sqrt(np.mean(z**2)))
        x = np.maximum(z, 0)
    return sizes
