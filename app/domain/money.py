"""Amounts in yuan, exact to the cent (fen). No floats: a float is refused, not rounded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

_LIMIT = Decimal("9999999999999999.99")  # numeric(18,2)


class AmountError(ValueError):
    """The text or number is no amount that money can have; `reason` is a stable key."""

    def __init__(self, reason: str, given: object) -> None:
        super().__init__(f"{reason}: {given!r}")
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """A number of fen. May be negative: a reversal is. Intake checks the sign itself."""

    fen: int

    @classmethod
    def yuan(cls, amount: str | int | Decimal) -> Self:
        """`amount` in yuan with at most two decimals.

        Raises AmountError: `not_a_number`, `too_precise`, `too_large`.
        """
        if isinstance(amount, bool | float):
            raise AmountError("not_a_number", amount)
        try:
            value = Decimal(amount)
        except InvalidOperation:
            raise AmountError("not_a_number", amount) from None
        if not value.is_finite():
            raise AmountError("not_a_number", amount)
        if abs(value) > _LIMIT:
            raise AmountError("too_large", amount)
        fen = value * 100
        if fen != fen.to_integral_value():
            raise AmountError("too_precise", amount)
        return cls(int(fen))

    @classmethod
    def zero(cls) -> Self:
        return cls(0)

    @property
    def decimal(self) -> Decimal:
        """In yuan, with two decimals: what `numeric(18,2)` takes."""
        return Decimal(self.fen).scaleb(-2).quantize(Decimal("0.01"))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __str__(self) -> str:
        return f"{self.decimal:.2f}"
