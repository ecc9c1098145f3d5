"""The outside world: one dependency a file."""
