"""Clips: from a file's bytes to the features that a model is made of."""
