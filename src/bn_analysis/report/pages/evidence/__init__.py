"""A study → the pieces of the pages that show what its verdict stands on: figures, index, adjustment."""
