"""Who answers, what is audited, and when a model has to step down; pure: clock and chance are arguments."""
