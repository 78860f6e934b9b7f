"""The brief: its questions, answers and economics."""
