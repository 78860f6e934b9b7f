"""The launch review: what stands against a launch, in words and pictures, on record and verified."""
