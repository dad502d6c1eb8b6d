"""What a case refuses is refused as everywhere."""

from fenghuang.platform.refusals import Refused, Stale

__all__ = ["Refused", "Stale"]
