"""Who answers requests: stages, their gate and terms, the breaker's past, why a decision went as it did."""
