"""The last layer has no activation."""
# fails: test-forward


# %% forward
def forward_layers(x, weights, activation):
    layers = [x]
    for W in weights:
        layers.append(layers[-1] @ W)
        if W is not weights[-1]:
            layers[-1] = ACTIVATIONS[activation](layers[-1])
    return layers
