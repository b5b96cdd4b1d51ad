"""Benches of scalars and arrays: ``python -m bench`` prints the table (see ``README.md``)."""
