"""The search for a model under a budget: trials, ensemble, calibration and the model file."""
