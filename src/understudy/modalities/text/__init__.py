"""Texts: reading, fingerprints, facts, languages, and a sentence encoder as an ONNX graph."""
