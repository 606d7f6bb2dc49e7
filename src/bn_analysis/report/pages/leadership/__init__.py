"""A study → the pieces of the page for leaders."""
