"""Ours beside the best specialists of each kind of data, on the same splits and cores."""
