"""Benchmarks of this library and its alternatives: ``python -m tests.benchmarks --help``."""
