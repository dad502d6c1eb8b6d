"""What a case that left set free (art.9, art.15): credited to the county's pool, or to the firm that took it over.

Only what the facts show is credited. What is not known is not: a remark on the case says which fact is missing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from fenghuang.domain.casework.code import effect
from fenghuang.domain.casework.models import Case, Comment, Movement
from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.asking import Asked, ask
from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.ledger.actions import Origin, Told, credit
from fenghuang.domain.ledger.kinds import KINDS
from fenghuang.domain.ledger.refusals import Twice, said
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmYear, Recording
from fenghuang.domain.registry.snapshot import years
from fenghuang.language.types import GRADES
from fenghuang.law.methods.facts import FACTS as FACT_TITLES
from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.log import record

FACTS = {"energy": "energy_tce", "land": "land_mu", "emission": "emission_t"}
TO_THE_COUNTY = ("energy", "land")  # art.15 names no emission rights; art.9 passes them on with a merger
NOT_DELIVERED = "碳排放没有计入：没有部门报送碳排放数据，有依据的由县级经办或生态环境部门凭文件补记"
FINER = 100  # the rule of art.9 counts energy in 10⁻⁶ 吨标准煤, the facts in 10⁻⁴


class Freed(NamedTuple):
    """What came free of one kind, or what is missing to know it. `facts` are what it stands on."""

    kind: str
    amount: int | None
    sentence: str
    facts: list[dict[str, Any]]


class Release(NamedTuple):
    """All that a case set free, for whom, and the rules that were asked."""

    label: str
    clause: str
    to: Firm | None  # None: the county's pool
    freed: list[Freed]
    rules: list[dict[str, Any]]
    remark: str = ""


@effect("credit_freed")
def credit_freed(case: Case, moved: Movement, actor: User | None) -> None:
    """Credit what the facts show; the case's remarks and the log say what was credited and what is missing."""
    told = []
    if case.firm is None:
        told.append("没有对应的企业，腾出指标没有计入")
    else:
        release = _of_event(case, moved) if case.at.shown_by == "firm_gone" else _of_rise(case)
        told = [release.remark] if release.remark else []
        told += [_credited(case, moved, actor, release, one) for one in release.freed]
        told.append(NOT_DELIVERED)
    text = "腾出指标：" + "；".join(told)
    Comment.objects.create(case=case, text=text[:1000], by=None)
    record("casework.credit_freed", actor=actor, subject=case, clause=case.declared.clause, after={"told": told})


def _credited(case: Case, moved: Movement, actor: User | None, release: Release, one: Freed) -> str:
    """Credit one kind; the sentence says what was done."""
    kind = KINDS[one.kind]
    if not one.amount:
        return one.sentence
    recording = Recording.latest()
    why = {
        "sentence": one.sentence,
        "facts": one.facts,
        "rules": release.rules,
        "recording": recording.pk if recording else None,
        "movement": moved.pk,
    }
    origin = Origin("casework.case", str(case.pk), f"{case}")
    told = Told(release.label, moved.on.year, moved.on, origin, clause=release.clause, why=why)
    try:
        entry = credit(actor, one.kind, case.unit, one.amount, told, firm=release.to)
    except Twice as twice:
        return f"{kind.title}：{twice}"
    return f"{kind.title} {said(kind, one.amount)} 计入{entry}"


# --- struck off: what is used less than at the entry


def _of_rise(case: Case) -> Release:
    entered = case.entry.get("facts", {}).get("year")
    rows = _years(case.firm_id)
    now = rows[-1] if rows else None
    then = next((row for row in rows if row.year == entered), None)
    freed = [_less(kind, entered, then, now) for kind in TO_THE_COUNTY]
    return Release("struck_off", "", None, freed, [])


def _less(kind: str, entered: int | None, then: FirmYear | None, now: FirmYear | None) -> Freed:
    """The fact of the year of entry less that of the newest year, never below 0."""
    about = KINDS[kind]
    if entered is None or then is None or now is None:
        return Freed(kind, None, f"{about.title}没有计入：不知道列入时的年度数据", [])
    facts = [_fact(kind, then), _fact(kind, now)]
    before, after = (fact["value"] for fact in facts)
    if before is None or after is None:
        lacking = "、".join(f"{fact['year']} 年度" for fact in facts if fact["value"] is None)
        return Freed(kind, None, f"{about.title}没有计入：缺少{lacking}的{facts[0]['title']}", facts)
    if now.year == then.year:
        return Freed(kind, 0, f"{about.title}没有计入：列入以来还没有 {then.year} 年度之后的数据", facts)
    if after >= before:
        return Freed(kind, 0, f"{about.title}没有腾出：{now.year} 年度不少于 {then.year} 年度", facts)
    words = f"{then.year} 年度 {said(about, before)}，{now.year} 年度 {said(about, after)}，减少的计为腾出"
    return Freed(kind, before - after, words, facts)


# --- gone: all of the last year that is known


def _of_event(case: Case, moved: Movement) -> Release:
    event = FirmEvent.standing().get(pk=moved.shown["event"])
    rows = _years(case.firm_id)
    last = rows[-1] if rows else None
    if event.kind != FirmEvent.Kind.MERGED:
        return Release("closed", "", None, [_whole(kind, last) for kind in TO_THE_COUNTY], [])
    to = event.others.get()
    asked = _merger(case, event, to, last)
    if asked.outputs["quotas_transfer"] is None:
        remark = f"不能确定是否归并到{to}：还不知道{'、'.join(asked.missing)}，没有计入"
        return Release("merged", "art.9", to, [], [asked.record], remark)
    if not asked.outputs["quotas_transfer"]:
        remark = f"不符合归并到{to}的条件（第九条），计入本县（市、区）"
        return Release("closed", "", None, [_whole(kind, last) for kind in TO_THE_COUNTY], [asked.record], remark)
    return Release("merged", "art.9", to, [_whole(kind, last) for kind in FACTS], [asked.record])


def _whole(kind: str, last: FirmYear | None) -> Freed:
    about = KINDS[kind]
    if last is None:
        return Freed(kind, None, f"{about.title}没有计入：没有这家企业的年度数据", [])
    fact = _fact(kind, last)
    if fact["value"] is None:
        return Freed(kind, None, f"{about.title}没有计入：缺少 {last.year} 年度的{fact['title']}", [fact])
    if not fact["value"]:
        return Freed(kind, 0, f"{about.title}没有腾出：{last.year} 年度为 0", [fact])
    return Freed(kind, fact["value"], f"最后已知的 {last.year} 年度 {said(about, fact['value'])}，全部计为腾出", [fact])


def _merger(case: Case, event: FirmEvent, to: Firm, last: FirmYear | None) -> Asked:
    """art.9 asked of the facts. Whether the firm was 两高一低 no fact tells: it is filled in at the step."""
    stays = _in_the_newest_directory(to)
    energy = last.energy_tce if last else None
    return ask(
        "merger_quota_transfer",
        {
            "acquirer_previous_grade": _grade(to, event.year - 1),
            "target_is_two_high_one_low": case.fields.get("two_high_one_low"),
            "registration_stays": True if stays else None,
            "tax_stays": True if stays and stays.tax is not None else None,
            "target_land_mu": last.land_mu if last else None,
            "target_energy_tce": None if energy is None else energy * FINER,
            "target_emission_t": last.emission_t if last else None,
        },
    )


def _grade(firm: Firm, year: int) -> int | None:
    """The place of its grade of a year in the latest evaluation; None while there is none."""
    refresh = evaluation.latest()
    result = Result.objects.filter(refresh=refresh, firm=firm, year=year).first() if refresh else None
    if result is None or result.status == Result.Status.MARKED:
        return None
    return GRADES.index(result.grade or "ungraded")


def _in_the_newest_directory(firm: Firm) -> FirmYear | None:
    """Its row of the newest data year when the directory of that year has it: it is registered in the city."""
    recording = Recording.latest()
    newest = years(recording)[-1] if recording else None
    return FirmYear.objects.current().filter(firm=firm, year=newest, directory_row__isnull=False).first()


def _years(firm: int | None) -> list[FirmYear]:
    """As known today, oldest first."""
    return list(FirmYear.objects.current().filter(firm_id=firm).order_by("year"))


def _fact(kind: str, row: FirmYear) -> dict[str, Any]:
    """A fact as an entry keeps it."""
    name = FACTS[kind]
    return {
        "title": FACT_TITLES[name].title,
        "fact": name,
        "year": row.year,
        "value": getattr(row, name),
        "firm_year": row.pk,
    }
