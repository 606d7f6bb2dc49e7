"""The statistical model of an index that is seen only through published rates."""
