"""From a project's examples to a model on the shelf, and how much more data would help."""
