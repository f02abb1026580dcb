"""Imports of ledgers: their batches, what they find again, and how rows land by the thousand."""
