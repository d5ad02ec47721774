"""Growths of the second moment, where those of the RMS were asked for."""
# fails: test-predictions

# %% predictions
growth_xavier_relu, growth_he_relu, growth_he_linear = 1 / 2, 1.0, 2.0
xavier_to_lecun = 2 * 784 / (784 + 100)
