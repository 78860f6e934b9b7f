"""What a search does differently by the kind of answer: one label, several at once, a number."""
