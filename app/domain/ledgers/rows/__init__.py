"""What a row of each family is: frozen, typed, and as the ledger states it."""
