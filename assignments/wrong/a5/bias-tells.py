"""The way is told by the length of the bias, which some layers do not have."""
# fails: test-orientations


# %% orientations
def orientations(layers, inputs):
    ways = []
    for W, b in layers:
        if W.shape[0] == W.shape[1]:
            ways.append("open")
        else:
            ways.append("torch" if len(b) == len(W) else "turned")
    return ways
