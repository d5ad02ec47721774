"""A square matrix is said to stand as torch has it, which its shape does not tell."""
# fails: test-orientations


# %% orientations
def orientations(layers, inputs):
    ways, width = [], inputs
    for W, _ in layers:
        rows, columns = W.shape
        if width not in (rows, columns):
            raise ValueError(W.shape)
        ways.append("torch" if columns == width else "turned")
        width = rows + columns - width
    return ways
