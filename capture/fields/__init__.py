"""Fields: one file for each thing that is read off a page."""
