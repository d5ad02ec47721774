"""Every patient gets the disease of its neighbour."""
# fails: test-diagnosis-a, test-diagnosis-b, test-diagnosis-c, test-diagnosis-d, test-diagnosis-e, test-diagnosis-f, test-diagnosis-g, test-diagnosis-h

# %% diagnosis-a
diagnosis_a = "output bias"


# %% diagnosis-b
diagnosis_b = "double gain"


# %% diagnosis-c
diagnosis_c = "torch default"


# %% diagnosis-d
diagnosis_d = "dead ReLUs"


# %% diagnosis-e
diagnosis_e = "wrong fan"


# %% diagnosis-f
diagnosis_f = "He on tanh at depth"


# %% diagnosis-g
diagnosis_g = "transposed weights"


# %% diagnosis-h
diagnosis_h = "zero layer"
