"""Texts and documents that offices and newspapers send → the rates that they state, each with its evidence."""
