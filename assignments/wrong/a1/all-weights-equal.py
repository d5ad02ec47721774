"""The common belief that all weights of a constant start stay equal."""
# fails: test-predict-symmetry

# %% predict-symmetry
first_loss = float(np.log(3))
different_units = 1
different_weights = 1
learning = ["b1"]
