"""Procedures as data: their shape, how they are read, and what is refused."""

from app.domain.profile.loading import builtin_names, builtin_profile, load_profile
from app.domain.profile.model import Profile
from app.domain.profile.validation import Problem, ProfileError

__all__ = [
    "Problem",
    "Profile",
    "ProfileError",
    "builtin_names",
    "builtin_profile",
    "load_profile",
]
