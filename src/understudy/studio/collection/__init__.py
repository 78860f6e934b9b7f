"""How examples come into a project, are labelled, and are forgotten."""
