"""One module for each part of a page: a study → its sentences, charts and tables."""
