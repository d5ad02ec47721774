"""Four patients get a disease that looks alike and does not occur."""
# fails: test-diagnosis-c, test-diagnosis-d, test-diagnosis-f, test-diagnosis-g

# %% diagnosis-c
diagnosis_c = "unscaled inputs"


# %% diagnosis-d
diagnosis_d = "Xavier on ReLU"


# %% diagnosis-f
diagnosis_f = "forgotten root"


# %% diagnosis-g
diagnosis_g = "saturated units"
