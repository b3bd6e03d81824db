"""What is seen of a candidate as numbers: the input of the rankers."""

from .observe import family_of, observe_all

__all__ = ["family_of", "observe_all"]
