"""The gradient is divided by the number of points, which dout has taken care of."""
# fails: test-gradient


# %% gradient
def first_gradient(x, W0, W1, dout):
    h = np.tanh(x @ W0)
    return x.T @ ((dout @ W1.T) * (1 - h**2)) / len(x)
