"""The standard deviation, which is not the RMS where the mean is not zero."""
# fails: test-rms


# %% rms
def layer_rms(layers):
    return [float(h.std()) for h in layers]
