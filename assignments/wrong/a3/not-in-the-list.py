"""A diagnosis in other words than those of the list, and one that is missing."""
# fails: test-diagnosis-b, test-diagnosis-c

# %% diagnosis-b
diagnosis_b = "The output bias is too large."


# %% diagnosis-c
diagnosis_c = None
