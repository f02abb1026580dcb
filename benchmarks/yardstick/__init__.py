"""The yardstick: hand-written Starlette and psycopg, the same rows as the same database role.

Each handler sets the same context, reads and writes the same rows by SQL of its own, and answers;
frameworks, validation, rules and layers are left out. Rows are checked against the product's by
the tests.
"""
