"""What a review has to show, and what the sealed answers say about it."""
