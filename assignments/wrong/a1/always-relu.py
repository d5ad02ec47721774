"""The activation that was asked for is not used."""
# fails: test-forward


# %% forward
def forward_layers(x, weights, activation):
    layers = [x]
    for W in weights:
        layers.append(np.maximum(layers[-1] @ W, 0))
    return layers
