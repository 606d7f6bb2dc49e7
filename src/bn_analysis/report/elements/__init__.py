"""What a page is put together from: charts, tables, heat maps."""
