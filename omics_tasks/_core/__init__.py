"""Logic without I/O: no httpx, no botocore, no tenacity, no clock."""
