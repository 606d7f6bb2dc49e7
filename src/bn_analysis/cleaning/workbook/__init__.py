"""A monthly workbook → a table of published rates."""
