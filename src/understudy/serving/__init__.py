"""Where questions meet models: batching, recording, routing."""
