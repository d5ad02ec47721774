"""A seeded campaign: change one thing at a time, and see whether the tests notice."""
