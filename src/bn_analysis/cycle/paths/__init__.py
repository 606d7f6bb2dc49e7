"""Draws of an adjusted index → continued and dated paths: how the past may be revised and the months ahead may go."""
