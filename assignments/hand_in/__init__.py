"""Read what students handed in, whatever is in it."""
