"""The kernel counts for fan_in and not for fan_out."""
# fails: test-fans-kernel, test-xavier-normal, test-xavier-uniform


# %% fans
def compute_fans(shape):
    return math.prod(shape[:-1]), shape[-1]
