"""Tables: one row is one input. Reading them, guessing what their columns are, and a row as bytes."""
