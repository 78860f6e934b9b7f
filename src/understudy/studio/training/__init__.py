"""From a project's examples to a model on the shelf, what made-up ones brought, and how much more data would help."""
