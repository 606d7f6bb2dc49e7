"""What else could be said of the same series: other defensible choices, other methods."""
