"""Answers as they are said, typed and kept, whoever gives them."""
