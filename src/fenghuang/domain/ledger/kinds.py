"""What is kept accounts of: its unit, its clause, who may enter by hand, and what an entry may be for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fenghuang.language import types

# How a firm's quota comes free. What no department delivers is entered by hand with its document.
FREED = {"struck_off": "达标销号腾出", "closed": "关停腾出", "merged": "兼并划入", "by_hand": "凭文件补记"}
# art.15 names three sorts of projects that come first and no order among them.
FIRST = {"low_carbon": "低碳新兴产业项目", "chain": "强链补链项目", "upgrade": "技改项目"}
OTHER = "other"
CLASSES = {**FIRST, OTHER: "其他项目"}
# art.15 names four uses of the fund; what else it is used for needs a reason.
DRAWN = {"drawn": "提取"}
PURPOSES = {
    "land_revival": "盘活工业用地",
    "rectification": "企业整治提升",
    "dormitory": "宿舍型保障性租赁住房",
    "park_facilities": "产业园区配套设施",
    OTHER: "其他用途",
}
TO_PROJECT = {"project": "用于项目"}
REPLACED, CHANGED = {"replaced": "补划工业用地"}, {"changed": "改变用途"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of account. Labels are what an entry is for; those of debits take away."""

    name: str
    title: str
    type: types.NumberType
    clause: str
    agencies: tuple[str, ...]  # whose clerks enter by hand
    credits: Mapping[str, str]
    debits: Mapping[str, str]
    by_hand: tuple[str, ...]
    reasoned: frozenset[str] = field(default=frozenset())  # labels that need a reason
    may_owe: bool = False  # whether the balance may be below zero

    @property
    def unit(self) -> str:
        return self.type.unit.text

    @property
    def decimals(self) -> int:
        return self.type.decimals

    @property
    def labels(self) -> dict[str, str]:
        return {**self.credits, **self.debits}

    @property
    def is_claimed(self) -> bool:
        """Whether projects apply for it and are served in the order of art.15."""
        return self.debits == CLASSES


KINDS = {
    one.name: one
    for one in (
        Kind(
            "energy", "用能", types.ENERGY, "art.15", ("development_reform",), FREED, CLASSES,
            ("by_hand",), frozenset({"by_hand"}),
        ),
        Kind(
            "carbon", "碳排放", types.EMISSION, "art.15", ("ecology",), FREED, CLASSES,
            ("by_hand",), frozenset({"by_hand"}),
        ),
        Kind(
            "emission", "排污权", types.EMISSION, "art.9", ("ecology",), FREED, TO_PROJECT,
            ("by_hand", "project"), frozenset({"by_hand"}),
        ),
        Kind(
            "land", "腾出土地", types.MU, "art.13", ("natural_resources",), FREED, TO_PROJECT,
            ("by_hand", "project"), frozenset({"by_hand"}),
        ),
        # The clause does not say whether the replacement comes first: what is changed and not yet replaced is owed.
        Kind(
            "replacement", "改一补一", types.MU, "art.13", ("natural_resources",), REPLACED, CHANGED,
            ("changed", "replaced"), may_owe=True,
        ),
        Kind(
            "fund", "专项经费", types.MONEY, "art.15", ("finance",), DRAWN, PURPOSES,
            (*DRAWN, *PURPOSES), frozenset({OTHER}),
        ),
    )
}  # fmt: skip
CHOICES = [(one.name, one.title) for one in KINDS.values()]
CLAIMED = {name: one for name, one in KINDS.items() if one.is_claimed}
