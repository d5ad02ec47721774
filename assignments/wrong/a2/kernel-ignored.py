"""The fans of a kernel are those of a dense layer, so its weights are too large."""
# fails: test-fans-kernel, test-xavier-normal, test-xavier-uniform, test-he-normal, test-he-uniform


# %% fans
def compute_fans(shape):
    return shape[-2], shape[-1]
