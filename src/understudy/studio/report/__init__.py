"""A review as a page, a print and its evidence."""
