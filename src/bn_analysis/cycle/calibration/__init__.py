"""A panel of known history → the table that turns shares of paths into probabilities."""
