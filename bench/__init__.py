"""Benches of the scalar engine: ``python -m bench`` prints the table (see ``README.md``)."""
