"""Layers are taken in the order of the file, as `load_params` takes them."""
# fails: test-layers, test-write-back, test-learns


# %% layers
def layers_of(state):
    layers = []
    for name in names_of(state):
        b = state.get(f"{name}.bias")
        b = None if b is None else b.astype(float)
        layers.append((state[f"{name}.weight"].astype(float), b))
    return layers


def names_of(state):
    return list(dict.fromkeys(key.rpartition(".")[0] for key in state))
