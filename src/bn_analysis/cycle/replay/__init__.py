"""Vintages → what the method would have said at each of them, and how good that was."""
