"""Makes `deliveries` importable from the tests of every domain app."""
