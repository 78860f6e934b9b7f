"""The search for a model of tables: cells to numbers, candidates, cross-validation, mixture, the model file."""
