"""Only the first layer is asked whether it takes what it gets."""
# fails: test-orientations


# %% orientations
def orientations(layers, inputs):
    ways, width = [], inputs
    for i, (W, _) in enumerate(layers):
        rows, columns = W.shape
        if i == 0 and width not in (rows, columns):
            raise ValueError(W.shape)
        ways.append("torch" if columns == width else "turned")
        if rows == columns:
            ways[-1] = "open"
        width = rows + columns - width
    return ways
