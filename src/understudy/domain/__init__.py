"""The product's nouns: frozen dataclasses without I/O."""
