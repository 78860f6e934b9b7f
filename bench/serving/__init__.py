"""Measures serving: `make bench-serving`, or `python -m bench.serving`."""
