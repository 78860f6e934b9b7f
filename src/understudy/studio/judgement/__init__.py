"""A look at the sealed set: what was answered, what it showed, and the verdict in words and pictures."""
