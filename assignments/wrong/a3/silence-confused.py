"""A silent layer is taken for a zero layer and the other way round."""
# fails: test-diagnosis-a, test-diagnosis-e

# %% diagnosis-a
diagnosis_a = "dead ReLUs"


# %% diagnosis-e
diagnosis_e = "zero layer"
