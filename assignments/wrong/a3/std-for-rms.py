"""The scale is measured by the standard deviation, which does not see a mean."""
# fails: test-weight-scales


# %% weight-scales
def weight_scales(params):
    return np.array([np.sqrt(len(W)) * W.std() for W, b in params])
