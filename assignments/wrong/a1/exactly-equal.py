"""Units count as equal only if no bit differs."""
# fails: test-distinct


# %% distinct
def distinct_units(W, tol):
    return np.unique(W, axis=1).shape[1]
