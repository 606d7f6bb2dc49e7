"""Costly results → files of their own, found again as long as nothing they depend on has changed."""
