"""The common belief that nothing at all moves from a start at zero."""
# fails: test-predict-symmetry

# %% predict-symmetry
first_loss = float(np.log(3))
different_units = 1
different_weights = 2
learning = []
