"""A study → words, charts, tables, pages, the explorer."""
