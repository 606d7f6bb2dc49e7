"""Notebooks → pages → files under `reports/`: run, checked, moved into place, listed."""
