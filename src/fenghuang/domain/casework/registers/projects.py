"""“零增地”技改项目 (task.16): which projects are found, and what shows that one is built and certified."""

from __future__ import annotations

from datetime import date

from fenghuang.domain.casework.asking import verdict
from fenghuang.domain.casework.code import Found, Search, Shown, finder, guard, shower
from fenghuang.domain.casework.models import Case
from fenghuang.domain.registry.land_models import Building, Milestone
from fenghuang.domain.registry.models import Firm, Project, Recording
from fenghuang.law.registers.declaration import Ask


@finder("zero_land_projects")
def zero_land_projects(unit: str | None) -> Search:
    """Projects of the latest year that apply for the subsidy of art.11, which is for “零增地” upgrading alone."""
    recording = Recording.latest()
    if recording is None:
        return Search(None, [])
    rows = Project.objects.as_of(recording).select_related("firm").order_by("code", "-year")
    if unit:
        rows = rows.filter(firm__unit=unit)
    found: dict[str, Found] = {}
    for one in rows:
        if "vertical_subsidy" in one.applies_for and one.code not in found:
            found[one.code] = _found(one)
    return Search(recording, list(found.values()))


def _found(one: Project) -> Found:
    firm: Firm = one.firm
    why = f"{one.year} 年度申报垂直工业补助的“零增地”技改项目"
    facts = {"year": one.year, "project": one.code, "row": one.raw_row_id}
    return Found(one.code, f"{one.title}（{firm.name}）", firm, firm.unit_id or "", firm.township, why, facts)


@shower("built_and_certified")
def built_and_certified(case: Case) -> Shown:
    """整体发证: the milestone 竣工 was delivered, and as many buildings finished since the start are certified."""
    built = reached(case, "竣工", code=case.subject)
    if not built.holds:
        return built
    wanted, started = case.fields.get("building_count"), case.fields.get("started_on")
    if not wanted or not started:
        return Shown(None, "没有填报幢数或开工日期，无法核验")
    if case.firm_id is None:
        return Shown(None, "没有对应的企业，无法核验办证情况")
    rows = Building.objects.current().filter(counts=True, firm=case.firm_id, completed__gte=date.fromisoformat(started))
    certified = rows.filter(certified_area__gt=0).values("reference", "building").distinct().count()
    facts = {**built.facts, "certified": certified, "wanted": wanted}
    if certified < wanted:
        said = f"不动产数据中开工以来竣工并已办证的有 {certified} 幢，项目共 {wanted} 幢"
        return Shown(False, said, facts)
    return Shown(True, f"{built.sentence}；{certified} 幢已办证", facts)


def reached(case: Case, milestone: str, *, code: str = "", firm: int | None = None) -> Shown:
    """Whether data delivered since the entry say that a milestone of the project (or one of the firm's) is reached."""
    rows = Milestone.objects.current().filter(counts=True, milestone=milestone, actual__isnull=False)
    rows = rows.filter(code=code) if code else rows.filter(firm=firm)
    if case.recording_id is not None:
        rows = rows.filter(recorded__gt=case.recording_id)
    one = rows.order_by("actual").last()
    if one is None:
        return Shown(None, f"列入以来的部门数据中还没有项目“{milestone}”的日期，无法核验")
    return Shown(True, f"{one.actual} {milestone}（{one.code}）", {"milestone": one.pk, "on": str(one.actual)})


@guard("every_building")
def every_building(case: Case, _today: date) -> str:
    """As many buildings are registered as the approval says."""
    wanted, there = case.fields.get("building_count"), case.parts.filter(group="building", dropped="").count()
    return "" if wanted is None or there == wanted else f"审批的幢数是 {wanted}，登记的建筑物有 {there} 幢"


@guard("legacy_settled")
def legacy_settled(case: Case, today: date) -> str:
    """Legacy defects are rectified and accepted in step (art.2), where there are any."""
    has = case.fields.get("has_legacy")
    if has is False:
        return ""
    if has is None:
        return "还没有填报是否有历史遗留问题"
    found = verdict(case, Ask("joint_certificate", {}, {"county_agreed": "legacy_agreed"}), case.fields, today)
    granted = found.outputs["joint_certificate_granted"]
    if granted:
        return ""
    lacking = "、".join(found.failed or found.missing)
    return f"历史遗留问题{'未同步解决' if granted is False else '是否同步解决还不知道'}：{lacking}"
