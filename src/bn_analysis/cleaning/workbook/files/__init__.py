"""A file of tables, of whichever kind → its visible sheets as grids of cells."""
