"""Ledgers as offices keep them: headings, cells, people, amounts, and each family's rows.

`open_ledger(family, sheets, options)` finds the headings; its `rows()` yields judged rows.
"""
