"""The one limit of time that tests use."""

HANG = 30.0
"""Seconds after which something does not end as it should. Not a timing: how fast things are is printed by ``benchmarks/``."""
