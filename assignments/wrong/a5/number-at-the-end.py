"""The number of a layer is looked for at the end of its name, as this file has it."""
# fails: test-layers, test-write-back


# %% layers
def layers_of(state):
    layers = []
    for name in names_of(state):
        b = state.get(f"{name}.bias")
        b = None if b is None else b.astype(float)
        layers.append((state[f"{name}.weight"].astype(float), b))
    return layers


def names_of(state):
    names = {key.rpartition(".")[0] for key in state}
    return sorted(names, key=lambda name: int(name.rpartition(".")[2]))
