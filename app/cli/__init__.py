"""The command `plumbline`: everything an operator does at a terminal."""

from app.cli.main import main

__all__ = ["main"]
