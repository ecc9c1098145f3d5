"""Input and output: one dependency per file."""
