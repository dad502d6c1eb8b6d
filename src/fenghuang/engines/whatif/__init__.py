"""What if: a variant of the law over a population, compared with the law as it stands. No Django here."""

from fenghuang.engines.whatif.budget import Found, search
from fenghuang.engines.whatif.comparison import Comparison, compare, rules_for
from fenghuang.engines.whatif.people import Given, People, of_table, population
from fenghuang.engines.whatif.prices import Price, price_table
from fenghuang.engines.whatif.regrade import regraded
from fenghuang.engines.whatif.variant import Variant, load, places, read, say, scale

__all__ = [
    "Comparison",
    "Found",
    "Given",
    "People",
    "Price",
    "Variant",
    "compare",
    "load",
    "of_table",
    "places",
    "population",
    "price_table",
    "read",
    "regraded",
    "rules_for",
    "say",
    "scale",
    "search",
]
