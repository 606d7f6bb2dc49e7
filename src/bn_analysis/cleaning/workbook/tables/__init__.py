"""A sheet of words and figures → the table in it: whose it is, what its columns compare, which line is what."""
