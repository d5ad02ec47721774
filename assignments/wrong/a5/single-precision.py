"""The numbers stay float32, as the file has them."""
# fails: test-layers


# %% layers
def layers_of(state):
    layers = []
    for name in names_of(state):
        b = state.get(f"{name}.bias")
        b = None if b is None else b
        layers.append((state[f"{name}.weight"], b))
    return layers


def names_of(state):
    names = {key.rpartition(".")[0] for key in state}
    return sorted(names, key=lambda name: int("".join(filter(str.isdigit, name))))
