"""What recordings and clips have in common: containers, windows in time, and likeness."""
