"""What a person may see of scenarios, and what a page shows of a result."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from fenghuang.domain.feeds.sensitive import may_read
from fenghuang.domain.whatif import compute
from fenghuang.domain.whatif.models import Version
from fenghuang.engines.whatif.comparison import SPREAD
from fenghuang.engines.whatif.people import DIMENSIONS
from fenghuang.engines.whatif.variant import places, say
from fenghuang.language.record import MASK
from fenghuang.language.words import clause_title
from fenghuang.law.pack import Pack, packs
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.ui.numbers import money

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

FEW = 3  # in a smaller group a sum tells of a firm
_AMOUNTS = ("before", "after", "difference", "gain", "loss", "became_known", "became_unknown")


def versions(user: User) -> QuerySet[Version]:
    """All versions for those who may see scenarios; they are of the whole city."""
    if not user.has_perm("accounts.see_whatif"):
        raise PermissionDenied("accounts.see_whatif")
    return Version.objects.select_related("scenario", "author", "refresh__recording", "policy", "method", "job")


def shown_result(user: User, version: Version) -> dict[str, Any] | None:
    """The result as the person may read it: whoever may not read taxes sees no amount of a firm or of a few, for a
    variant without caps would tell what a firm contributes."""
    found = version.result
    if found is None or may_read(user, None):
        return found
    hidden = dict.fromkeys(_AMOUNTS, MASK)
    return {
        **found,
        "largest": [{**one, "before": MASK, "after": MASK} for one in found["largest"]],
        "by": {
            name: [[label, {**change, **(hidden if change["subjects"] < FEW else {})}] for label, change in groups]
            for name, groups in found["by"].items()
        },
    }


def groups(found: dict[str, Any]) -> list[tuple[str, str, list[tuple[str, dict[str, Any]]]]]:
    """(name, title, lines) of every dimension; counties in their own order."""
    order = {name: place for place, name in enumerate(Unit.objects.order_by("order").values_list("name", flat=True))}
    told = []
    for name, title in DIMENSIONS.items():
        lines = [(label, change) for label, change in found["by"].get(name, [])]
        if name == "x_county":
            lines.sort(key=lambda line: order.get(line[0], len(order)))
        told.append((name, title, lines))
    return told


def law_changed(version: Version) -> bool:
    """Whether the program's law is another than the one the version was computed by."""
    return packs()[version.policy.name].sha256 != version.policy.sha256


def same_again(version: Version) -> bool:
    """Whether computing it again on the stored data gives the stored result, to the fen."""
    return compute.result(version) == version.result


def changes_in_words(version: Version) -> list[tuple[str, str, str, str]]:
    """(clause, what, as the law has it, as the variant has it)."""
    pack = packs()[version.policy.name]
    known = places(pack)
    said = []
    for path, text in version.variant.get("parameters", {}).items():
        if place := known.get(path):
            clause = clause_title(place.parameter.clause)
            said.append((clause, figure_title(pack, path), say(place.parameter, place.present), text))
    for key, choice in version.variant.get("readings", {}).items():
        rule, _, name = key.partition(".")
        for one in pack.readings.get(rule, ()):
            if one.name == name:
                row = (one.title, one.choices[one.default], one.choices.get(choice, choice))
                said.append((clause_title(one.clause), *row))
    if method := version.variant.get("method"):
        said.append((clause_title("art.8"), "评价方法", "各地自己的方法", method))
    return said


def figure_title(pack: Pack, path: str) -> str:
    """A figure as people call it: 比例（A 类，第 1 档）."""
    place = places(pack)[path]
    title = pack.words.title(place.rule, place.parameter.name)
    labels = {"others": "其他类别", "ungraded": "未评级"}
    parts = [labels.get(place.label, f"{place.label} 类")] if place.label else []
    parts += [f"第 {place.number + 1} 档"] if place.parameter.is_list else []
    return f"{pack.words.rule_title(place.rule)}：{title}" + (f"（{'，'.join(parts)}）" if parts else "")


def county_chart(found: dict[str, Any]) -> dict[str, Any]:
    """Winners and losers of each county."""
    lines = next(lines for name, _, lines in groups(found) if name == "x_county")
    return {
        "unit": "项",
        "x": [label for label, _ in lines],
        "series": [
            {"name": "增加", "values": [change["winners"] for _, change in lines]},
            {"name": "减少", "values": [change["losers"] for _, change in lines]},
        ],
    }


def spread_chart(found: dict[str, Any]) -> dict[str, Any]:
    """How many decisions change by how much."""
    bounds = [money(bound, "万元").replace(".00", "").removesuffix(" 万元") for bound in SPREAD]
    between = [f"{low} 至 {high}" for low, high in pairwise(bounds)]
    names = [f"低于 {bounds[0]}", *between, f"{bounds[-1]} 以上"]
    return {"unit": "项", "x": names, "series": [{"name": "变动项数", "values": found["spread"]}]}
