"""Rows of noisy statements → the factor of their precision matrix, by blocks of a year and one narrow band."""
