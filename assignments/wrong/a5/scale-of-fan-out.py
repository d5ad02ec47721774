"""The scale is measured against fan_out."""
# fails: test-weights, test-silence, test-repair, test-learns


# %% verdicts
# -     return np.sqrt(np.mean(W**2) * len(W) / 2)
# +     return np.sqrt(np.mean(W**2) * W.shape[1] / 2)
