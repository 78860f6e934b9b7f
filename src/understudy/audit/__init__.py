"""The data audit: columns in, findings out, for any modality."""
