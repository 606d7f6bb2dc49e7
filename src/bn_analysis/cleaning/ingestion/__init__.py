"""New files → checked → added to `data/raw`."""
