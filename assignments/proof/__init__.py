"""Prove that grading is fair, tight and safe: wrong and hostile submissions."""
