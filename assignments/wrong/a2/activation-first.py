"""The signal is measured after the activation, and the std in place of the RMS."""
# fails: test-signal


# %% signal
def signal_rms(x, weights, activation):
    sizes = []
    for W in weights:
        x = ACTIVATIONS[activation](x @ W)
        sizes.append(x.std())
    return sizes
