"""How fast this library is beside its peers: ``python -m tests.benchmarks --help``."""
