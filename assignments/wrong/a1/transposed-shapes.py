"""The matrices have the shape (outputs, inputs)."""
# fails: test-layers


# %% layers
def normal_layers(sizes, std, rng):
    return [normal((n_out, n_in), rng, std) for n_in, n_out in pairwise(sizes)]
