"""Rows of W are told apart, which are inputs and not units."""
# fails: test-distinct


# %% distinct
def distinct_units(W, tol):
    return len({tuple(np.round(row / tol)) for row in W})
