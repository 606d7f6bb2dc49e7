"""Industries, labour and promotion → the pieces of the pages about what carries a turn."""
