"""Predictions for single neurons: the factor of a layer is the weight itself."""
# fails: test-predict-scale

# %% predict-scale
factor_small = 0.02
rms_small = factor_small**10
std_keep = 1.0
