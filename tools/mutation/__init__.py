"""Wrong derivatives on purpose, to find those that no test notices.

Start at `mutate_operations.py` and `mutate_rules.py`, which are the commands.
"""
