"""The number of a layer is looked for at the end of its name, as this file has it."""
# fails: test-layers, test-write-back


# %% layers
# -     return sorted(names, key=lambda name: int("".join(filter(str.isdigit, name))))
# +     return sorted(names, key=lambda name: int(name.rpartition(".")[2]))
