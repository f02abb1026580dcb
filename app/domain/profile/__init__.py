"""Procedures as data: their shape, how they are read, and what is refused."""
