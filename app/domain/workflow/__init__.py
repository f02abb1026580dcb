"""The engine: what may be done to a matter, by whom, and what follows."""
