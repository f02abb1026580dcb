"""Plumbline: case management for disciplinary investigations."""

__version__ = "0.1.0"
