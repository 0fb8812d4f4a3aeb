"""How well the early warning would have done: a history from a file, seen from a day."""
