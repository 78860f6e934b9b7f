"""The use cases that both faces share; here the pieces are put together."""
