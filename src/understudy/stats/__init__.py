"""Arrays in, evidence out: intervals, calibration and the judgement of a model."""
