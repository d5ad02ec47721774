"""fan_in and fan_out are exchanged, as where the transpose is stored."""
# fails: test-fans-dense, test-fans-kernel, test-he-normal, test-he-uniform, test-network


# %% fans
def compute_fans(shape):
    *kernel, outputs, inputs = shape
    return math.prod(kernel) * inputs, math.prod(kernel) * outputs
