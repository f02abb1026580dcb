"""A client for Plumbline's API: `Plumbline(address, key)`."""

from plumbline_client.answers import Answer, Problem
from plumbline_client.client import Plumbline, is_genuine

__all__ = ["Answer", "Plumbline", "Problem", "is_genuine"]
