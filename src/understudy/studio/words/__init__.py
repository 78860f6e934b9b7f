"""Figures as a person reads and types them."""
