"""Where work runs, and where graphs are answered: executors and inference."""
