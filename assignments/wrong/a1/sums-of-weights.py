"""Units are told apart by the sums of their weights."""
# fails: test-distinct


# %% distinct
def distinct_units(W, tol):
    sums = np.sort(W.sum(axis=0))
    return 1 + int((np.diff(sums) > tol).sum())
