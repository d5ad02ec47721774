"""Every layer is taken to have a bias."""
# fails: test-layers


# %% layers
def layers_of(state):
    layers = []
    for name in names_of(state):
        b = state[f"{name}.bias"].astype(float)
        layers.append((state[f"{name}.weight"].astype(float), b))
    return layers


def names_of(state):
    names = {key.rpartition(".")[0] for key in state}
    return sorted(names, key=lambda name: int("".join(filter(str.isdigit, name))))
