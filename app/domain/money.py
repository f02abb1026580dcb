"""Amounts in yuan, exact to the cent (fen). No floats: a float is refused, not rounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

_LIMIT = Decimal("9999999999999999.99")  # numeric(18,2)

# As a Chinese keyboard writes digits, the comma, the stop and the space.
_FULL_WIDTH = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "，": ",",
        "．": ".",
        "\u3000": " ",
    }
)
_TYPED = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?(?:\s?元)?", re.ASCII)


def as_typed(text: str) -> str:
    """An amount as `Money.yuan` takes it, from one that somebody typed: full-width digits, commas
    that part thousands, and the unit written behind. What can be read in two ways is left as it
    is, to be refused."""
    plain = text.translate(_FULL_WIDTH).strip()
    if _TYPED.fullmatch(plain) is None:
        return text
    return plain.replace(",", "").removesuffix("元").rstrip()


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
