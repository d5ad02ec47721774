"""The rank of W, which a multiple of a unit does not raise."""
# fails: test-distinct


# %% distinct
def distinct_units(W, tol):
    return int(np.linalg.matrix_rank(W, tol=tol))
