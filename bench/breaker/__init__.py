"""The circuit breaker's guarantees, in worlds where they could fail, beside what others use."""
