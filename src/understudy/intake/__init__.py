"""From a folder, an archive or a table to examples, each on its side of the sealed border."""
