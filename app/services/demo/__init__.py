"""The demo district, pushed through the real services: `load` replays its plan."""

from app.services.demo.loading import DemoBusy, load, loaded

__all__ = ["DemoBusy", "load", "loaded"]
