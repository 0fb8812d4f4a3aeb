"""Many at once, and processes that are killed: see ``dev/rush``."""
