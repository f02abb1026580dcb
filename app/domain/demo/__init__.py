"""The demo district: a seeded, invented history of 云川区, as steps that its people took.

Nothing here touches a database. `make_plan` says who did what on which day; a service replays
it through the same functions that everybody uses.
"""
