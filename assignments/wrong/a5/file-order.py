"""Layers are taken in the order of the file, as `load_params` takes them."""
# fails: test-layers, test-write-back, test-learns


# %% layers
# -     names = {key.rpartition(".")[0] for key in state}
# -     return sorted(names, key=lambda name: int("".join(filter(str.isdigit, name))))
# +     return list(dict.fromkeys(key.rpartition(".")[0] for key in state))
