"""From histories of interactions to a model that says what comes next."""
