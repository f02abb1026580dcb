"""What a machine's drawing is made of, and its measures and colours."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.kinds import Stage
from app.domain.profile.model import Transition

INK, QUIET, PAPER, HAIRLINE = "#1c2127", "#565e68", "#fcfbf8", "#dfdcd4"
HUES = {
    Stage.SHARE: ("#0f6466", "#e3f1f0"),
    Stage.ASSESS: ("#57458f", "#ece8f6"),
    Stage.INVESTIGATE: ("#3b4a5e", "#e7ebf0"),
    Stage.REVIEW: ("#44631b", "#ebf2df"),
}
FONT = "system-ui, 'Segoe UI', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
MARGIN, HEAD, LANE_HEAD = 24, 64, 34
CARD, CARD_HEAD, ROW_GAP, EMPTY = 224, 28, 18, 74
TRACK, GUTTER = 9, 22
STEP, LINE, PAD = 13, 15, 7
NOTE = 12


@dataclass(kw_only=True)
class Port:
    """A step inside its card, and the height at which its arrow leaves."""

    row: Transition
    label: list[str]
    hands: list[str]
    y: float = 0

    @property
    def height(self) -> float:
        return len(self.label) * LINE + len(self.hands) * (LINE - 2) + PAD


@dataclass(kw_only=True)
class Card:
    """A state in its lane and row, with the steps that leave it."""

    key: str
    name: list[str]
    lane: int
    stage: Stage
    terminal: bool
    ports: list[Port] = field(default_factory=list)
    x: float = 0
    y: float = 0
    order: int = 0

    @property
    def head(self) -> float:
        return CARD_HEAD + (len(self.name) - 1) * LINE

    @property
    def height(self) -> float:
        return self.head + sum(port.height for port in self.ports) + (4 if self.ports else 0)

    @property
    def entry(self) -> float:
        return self.y + CARD_HEAD / 2


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """From a step's port to a card. `gutter` is the gap beside the card in which it climbs."""

    port: Port
    source: Card
    target: Card
    gutter: int
    from_right: bool

    @property
    def back(self) -> bool:
        return self.target.order < self.source.order

    @property
    def track(self) -> tuple[int, str, bool]:
        return self.gutter, self.target.key, self.from_right
