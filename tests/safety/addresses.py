"""Every address of the project, walked from the resolver, and what a test puts into its places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

COUNTS = {"new": 1, "changed": 2, "quarantined": 0, "vanished": 0, "answered": 0, "unchanged": 3, "superseded": 0}
SUM = {"header": "评价税收（元）", "year": 2022, "before": "1", "after": "2", "ratio": 10**6, "change": "+100.0%"}
SHEET = {
    "file": "甲.xlsx",
    "sheet": "税",
    "template": "tax",
    "title": "企业评价税收与地方贡献",
    "department": "市税务局",
    "years": [2022],
    "rows": 6,
    "counts": COUNTS,
    "remarks": ["第 9 行是合计，未作为数据"],
    "doubts": [{"id": "0.0", "kind": "unit", "sentence": "像是按“万元”填报"}],
    "sums": [SUM],
}
UPLOAD = {
    "usable": True,
    "others": [{"file": "乙.xlsx", "sheet": "", "status": "fault", "sentence": "乙.xlsx：文件是空的。"}],
    "sheets": [SHEET],
    "elsewhere": [],
    "firms_added": 0,
    "firm_years": {"2022": {"new": 0, "changed": 2, "rows": 9}},
    "missing": [],
}
# stranger: a county official of elsewhere; clerk: of the tax office; township: of 黄岩区, where the firm lies
ROLES = ("anonymous", "city", "county", "stranger", "auditor", "operator", "clerk", "township", "company")


def routes() -> list[str]:
    """The patterns as written, the first of each address."""
    return list(dict.fromkeys(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: Any, before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route


def people(request: Any) -> dict[str, Any]:
    """One person of each role; nobody for `anonymous`."""
    from fenghuang.platform.accounts.actions import create_user
    from people import PASSWORD

    found = {name: request.getfixturevalue(name) for name in ROLES if name not in ("anonymous", "stranger")}
    stranger = create_user("lin", PASSWORD, role="county_official", unit="331002", display_name="临")
    return {"anonymous": None, "stranger": stranger, **found}


def places(county: Any) -> dict[str, Any]:
    """What stands in the places of patterns: everything belongs to 黄岩区 and to its official."""
    from django.utils import timezone

    from fenghuang.domain.evaluation.models import Result
    from fenghuang.domain.feeds.models import ColumnMap, Delivery, Submission
    from fenghuang.domain.registry.models import FirmEvent, FirmYear
    from fenghuang.platform.accounts import actions as actions_of_accounts
    from fenghuang.platform.jobs import actions
    from fenghuang.platform.jobs.models import Job, State
    from fenghuang.platform.lists.models import SavedView
    from fenghuang.platform.notices.actions import notify
    from fenghuang.platform.notices.models import Notice

    firm = Result.objects.filter(unit="331003", firm__unit="331003", year=2022).exclude(grade="").first().firm
    year = FirmYear.objects.current().filter(firm=firm, tax_row__isnull=False).first()
    job = Job.objects.create(kind="incentives.refresh", title="测", created_by=county, state=State.RUNNING)
    actions.attach(job, "结果.txt", "好".encode())
    upload = Submission.objects.create(
        folder="0", files=["甲.xlsx"], submitted_at=timezone.now(), submitted_by=county, state="waiting", summary=UPLOAD
    )
    columns = ColumnMap.objects.create(
        template="tax",
        department="市税务局",
        headers=["信用代码", "年度", "税收"],
        key="0" * 64,
        columns={"uscc": "信用代码", "year": "年度", "tax": "税收"},
        made_at=timezone.now(),
        made_by=county,
    )
    from fenghuang.domain.evaluation.models import Refresh
    from fenghuang.domain.whatif.actions import save

    changed = {"title": "测", "policy": "taizhou-2021-27", "parameters": {"art.10.upgrade_subsidy.rates[A][0]": "12%"}}
    version = save(None, Refresh.objects.latest(), 2022, changed)
    campaign, objection, regrade = announced(firm)
    entry, claim, revenue = kept()
    case, measure, attachment, part = listed(firm)
    notify("test", "请看", users=[county])
    view = SavedView.objects.create(owner=county, listing="firms", name="甲", query="grade=A")
    from fenghuang.domain.registry.land_models import Meter, Parcel

    return {
        "entry": entry.pk,
        "claim": claim.pk,
        "revenue": revenue.pk,
        "parcel": Parcel.objects.current().filter(firm__township=firm.township, counts=True).first().reference,
        "meter": Meter.objects.current().filter(firm__township=firm.township, counts=True).first().reference,
        "campaign": campaign.pk,
        "figure": figure_of(campaign),
        "objection": objection.pk,
        "regrade": regrade.pk,
        "case": case.pk,
        "measure": measure.pk,
        "part": part.pk,
        "attachment": attachment.pk,
        "confirmation": campaign.confirmations.get().pk,
        "notice": Notice.objects.filter(user=county).latest("pk").pk,
        "view": view.pk,
        "user": county.pk,
        "own_token": county.tokens.create(name="测", digest="0" * 64, expires_at=timezone.now()).pk,
        "token": actions_of_accounts.invite(county, actor=None),
        "version": version.pk,
        "uscc": firm.uscc,
        "row": year.tax_row_id,
        "delivery": Delivery.objects.first().pk,
        "job": job.pk,
        "upload": upload.pk,
        "columns": columns.pk,
        "event": FirmEvent.objects.create(
            firm=firm, kind="cancelled", year=2023, source="测试", at=timezone.now(), by=county
        ).pk,
    }


def announced(firm: Any) -> tuple[Any, Any, Any]:
    """A campaign of 黄岩区 in 公示, with an objection and a regrade of the firm."""
    from fenghuang.domain.campaign import actions, checking, objecting
    from fenghuang.domain.campaign.checks import check_of, checks
    from fenghuang.domain.campaign.evidence import proof
    from fenghuang.platform.accounts.models import Unit

    campaign = actions.start(None, Unit.objects.get(pk="331003"), 2022)
    actions.set_periods(None, campaign.pk, {"objections": 5}, version=None)
    for name in ("collect", "send_to_firms"):
        campaign = actions.advance(None, campaign.pk, name)
    today = campaign.since
    seen = check_of(campaign, firm, today).item("land_mu").value
    said = {"seen": seen, "claimed": (seen or 0) + 10_000, "note": "少算", "proof": proof("证.pdf", b"%PDF-1.7")}
    checking.answer(None, checking.contest(None, campaign.pk, firm, "land_mu", **said), "upheld", "核过")
    actions.advance(None, campaign.pk, "to_townships")
    campaign.refresh_from_db()
    found = {one.firm.uscc: one.seen for one in checks(campaign, today)}
    checking.confirm_township(None, campaign.pk, found, reason="测")
    actions.advance(None, campaign.pk, "to_scoring")
    given = {"reason": "测", "clause": "第六条", "document": "测〔2023〕1 号", "proof": proof("批复.pdf", b"%PDF-1.7")}
    regrade = objecting.regrade(None, campaign.pk, firm, kind="promote", to="", **given)
    actions.rescore(None, campaign.pk)
    campaign = actions.advance(None, campaign.pk, "publicise")
    return campaign, objecting.file_objection(None, campaign.pk, firm, "land_mu", "多算", given["proof"]), regrade


def kept() -> tuple[Any, Any, Any]:
    """In the ledgers of 黄岩区: an entry with its document, a claim that waits, a year's revenue."""
    from datetime import date

    from fenghuang.domain.campaign.evidence import proof
    from fenghuang.domain.ledger import actions, claims, fund
    from fenghuang.platform.accounts.models import Unit

    unit, day, file = Unit.objects.get(pk="331003"), date(2023, 3, 6), proof("批复.pdf", b"%PDF-1.7")
    told = actions.Told("by_hand", 2022, day, reason="测", document="测〔2023〕1 号", proof=file)
    entry = actions.enter(None, "energy", unit, 125_000, told)
    claim = claims.apply(None, "energy", unit, 10_000, sort="other", project="测试项目", applied_on=day)
    claims.apply(None, "energy", unit, 10_000, sort="chain", project="优先项目", applied_on=day)
    revenue = fund.set_revenue(None, unit, 2022, 10**10, document="测〔2023〕2 号", proof=file, reason="")
    actions.enter(None, "fund", unit, 10**7, actions.Told("drawn", 2022, day, document="测", proof=file))
    actions.enter(None, "replacement", unit, 10**5, actions.Told("changed", 2022, day, document="测", proof=file))
    return entry, claim, revenue


def figure_of(campaign: Any) -> int:
    """A printed average to check it by."""
    from fenghuang.domain.campaign.models import ControlFigure

    given = {"indicator": "tax_per_mu", "printed": "25.1", "value": 251, "decimals": 1}
    return int(ControlFigure.objects.create(campaign=campaign, document="测", source="测", **given).pk)


def listed(firm: Any) -> tuple[Any, Any, Any, Any]:
    """A case of the firm on the register 高耗低效企业, entered by hand, with a measure and a file."""
    from datetime import date

    from fenghuang.domain.campaign.evidence import proof
    from fenghuang.domain.casework import actions
    from fenghuang.domain.casework.code import Found
    from fenghuang.domain.casework.models import Measure, Part, Plan

    found = Found(firm.uscc, firm.name, firm, "331003", firm.township, "测")
    given = {"by_hand": True, "reason": "测", "proof": proof("材料.pdf", b"%PDF-1.7")}
    case = actions.enter(None, "inefficient_firms", found, **given)
    plan = Plan.objects.create(case=case, problem="测", aim="测", planned={"land_freed_mu": 10_000})
    measure = Measure.objects.create(plan=plan, title="测", agency="economy", due=date(2099, 1, 1))
    part = Part.objects.create(case=case, group="none", title="测")
    return case, measure, case.attachments.get(), part


def fill(route: str, given: dict[str, Any]) -> str:
    """The address of a pattern: jobs/<int:pk>/ becomes /jobs/7/."""
    for before, name in (
        ("jobs/", "job"),
        ("data/deliveries/", "delivery"),
        ("data/uploads/", "upload"),
        ("data/columns/", "columns"),
        ("firms/rows/", "row"),
        ("firms/<str:uscc>/events/", "event"),
        ("lists/views/", "view"),
        ("accounts/users/", "user"),
        ("accounts/tokens/", "own_token"),
        ("api/v1/deliveries", "upload"),
        ("whatif/", "version"),
        ("campaigns/", "campaign"),
        ("ledgers/entries/", "entry"),
        ("ledgers/claims/", "claim"),
        ("ledgers/fund/revenue/", "revenue"),
        ("cases/", "case"),
        ("notices/", "notice"),
    ):
        if route.startswith(before):
            route = route.replace("<int:pk>", str(given[name]))
    route = route.replace("<str:uscc>", given["uscc"]).replace("<str:department>", "市税务局")
    for before, name in (("land/parcels/", "parcel"), ("land/meters/", "meter")):
        if route.startswith(before):
            route = route.replace("<path:reference>", given[name])
    route = route.replace("<str:token>", given["token"])
    route = route.replace("<slug:unit>/<int:year>", "331003/2022")
    route = route.replace("<slug:key>", "inefficient_firms")
    for name in ("objection", "regrade", "confirmation", "figure", "measure", "attachment", "part"):
        route = route.replace(f"<int:{name}>", str(given[name]))
    route = route.replace(r"^confirm-email/(?P<key>[-:\w]+)/$", "confirm-email/abc/")
    route = route.replace(r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/reset/key/1-abc/")
    route = route.replace("<slug:kind>", "energy")
    rules = (
        ("<slug:name>", "firms"),
        ("<slug:item>", "land_mu"),
        ("<str:rule>", "upgrade_subsidy"),
        ("<rule>", "rent_subsidy"),
    )
    rules += (("<str:pack>", "taizhou-2021-27"), ("<str:clause>", "art.10"))
    rules += (("<policy>", "taizhou-2021-27"), ("<clause>", "art.10"))
    for place, value in (("<path:key>", "1-abc"), *rules, ("(?P<rest>.*)$", "nowhere")):
        route = route.replace(place, value)
    return "/" + route.replace("^", "")
