"""四无企业 (task.3) carried by a declaration alone: nine agencies in parallel, rectified, accepted, left on the facts.

The declaration is this test's own: no line of casework knows of it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, firms
from lowfirms import HERE

from fenghuang.domain.casework import actions, queries
from fenghuang.domain.casework.code import Found
from fenghuang.domain.casework.models import Case
from fenghuang.domain.registry import events
from fenghuang.domain.registry.models import Firm, FirmEvent
from fenghuang.law.document import documents
from fenghuang.law.registers import faults, reading, registers
from fenghuang.platform.accounts.models import Department, Role, User
from fenghuang.platform.audit.log import verify
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused

pytestmark = pytest.mark.django_db
PACK, NAME = "taizhou-2021-27", "four_lacks_firms"
PROOF = Proof("证明.pdf", b"%PDF-1.7 x")
DAY = date(2023, 3, 1)
NINE = (
    "economy", "development_reform", "ecology", "tax", "natural_resources", "emergency", "market_regulation",
    "law_enforcement", "fire",
)  # fmt: skip
DECLARED = """
register: four_lacks_firms
title: 四无企业
clause: task.3
subject: firm
lead: economy
entry: {by_hand: [township, county], rules: [four_lacks]}
fields:
  lacks_licence: {title: 无证照, type: bool}
  lacks_safety: {title: 无安全保障, type: bool}
  lacks_lawful_premises: {title: 无合法场所, type: bool}
  lacks_environmental_measures: {title: 无环保措施, type: bool}
  until: {title: 整改期限, type: date}
states:
  found:
    title: 联合核查
    held_by: county
    joint:
      question: 本领域是否存在违法违规
      agencies: [economy, development_reform, ecology, tax, natural_resources, emergency, market_regulation,
        law_enforcement, fire]
      answers: {clean: 未发现, breach: 存在}
  mending: {title: 限期整改, held_by: township, limit: {field: until}, pausable: true}
  check:
    title: 联合验收
    held_by: county
    joint:
      question: 本领域是否整改到位
      agencies: [economy, development_reform, ecology, tax, natural_resources, emergency, market_regulation,
        law_enforcement, fire]
      answers: {done: 到位, open: 未到位}
      accepts: done
  gone: {title: 取缔到位，销号, end: exit, shown_by: firm_gone}
  not_so: {title: 核查不符, end: return}
steps:
  order:
    title: 认定四无，责令整改
    from: found
    to: mending
    by: county
    when: {any: breach}
    fields: [lacks_licence, lacks_safety, lacks_lawful_premises, lacks_environmental_measures, until]
    documents: [责令整改通知]
    asks: {four_lacks: {must: {is_four_lacks: true}}}
  clear: {title: 核查不符，退出, from: found, to: not_so, by: county, when: {all: clean}, reason: true,
    documents: [核查材料]}
  finish: {title: 提请验收, from: mending, to: check, by: [township, county], documents: [整改报告]}
  again: {title: 退回整改, from: check, to: mending, by: county, when: {any: open}, fields: [until], reason: true}
  strike_off: {title: 取缔到位，销号, from: check, to: gone, by: county, when: {all: done}}
reopen: {to: found, by: [city, county]}
"""


@pytest.fixture
def clerks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, people: SimpleNamespace) -> dict[str, User]:
    """The declaration among the others, and a clerk of each of the nine agencies."""
    path = tmp_path / f"{NAME}.yaml"
    path.write_text(DECLARED, "utf-8")
    declared = reading.read(path, PACK)
    assert not faults(declared, documents()[PACK])
    monkeypatch.setitem(registers(), NAME, declared)
    for agency in ("law_enforcement", "fire"):
        department = Department.objects.get(pk=agency)
        people.clerks[agency] = User.objects.create(username=agency, role=Role.CLERK, agency=department)
    return {agency: people.clerks[agency] for agency in NINE}


@pytest.fixture
def case(clerks: Any, people: SimpleNamespace, deliver: Any) -> Case:
    deliver(directory=firms(A, township="章安街道"))
    found = Found(A, "企业", Firm.objects.get(uscc=A), HERE, "章安街道", "")
    return actions.enter(people.township, NAME, found, by_hand=True, reason="乡镇巡查", proof=PROOF, today=DAY)


def test_the_nine_are_those_that_the_document_names() -> None:
    document = documents()[PACK]
    assert {agency for agency in document.agencies if "task.3" in document.clauses_of(agency)} == set(NINE)


def test_nine_agencies_in_parallel_from_entry_to_exit(
    case: Case, clerks: dict[str, User], people: SimpleNamespace
) -> None:
    county, township = people.county, people.township
    assert queries.asked(case).filter(answer="").count() == 9
    for agency in reversed(NINE):  # in parallel: in no order, each for itself
        assert queries.cases(clerks[agency]).filter(pk=case.pk).exists()
        actions.answer(clerks[agency], case.pk, agency, "breach" if agency == "fire" else "clean", "检查记录")
    with pytest.raises(Refused, match="须全部答复“未发现”"):
        actions.move(county, case.pk, "clear", reason="不符", documents={"核查材料": PROOF}, today=DAY)
    lacks = dict.fromkeys(("lacks_licence", "lacks_lawful_premises", "lacks_environmental_measures"), "否")
    order = {"documents": {"责令整改通知": PROOF}, "today": DAY}
    with pytest.raises(Refused, match="不能“认定四无，责令整改”"):  # the rule: none of the four
        actions.move(county, case.pk, "order", fields={**lacks, "lacks_safety": "否", "until": "2023-04-30"}, **order)
    mending = actions.move(
        county, case.pk, "order", fields={**lacks, "lacks_safety": "是", "until": "2023-04-30"}, **order
    )
    assert (mending.state, mending.due, mending.holder) == ("mending", date(2023, 4, 30), "township")

    finish = {"documents": {"整改报告": PROOF}, "today": DAY}
    actions.move(township, case.pk, "finish", **finish)
    for agency in NINE:
        actions.answer(clerks[agency], case.pk, agency, "open" if agency == "fire" else "done", "现场检查")
    with pytest.raises(Refused, match="须全部答复“到位”"):
        actions.move(county, case.pk, "strike_off", today=DAY)
    actions.move(county, case.pk, "again", fields={"until": "2023-05-31"}, reason="消防未到位", today=DAY)
    actions.move(township, case.pk, "finish", **finish)
    for agency in NINE[:-1]:
        actions.answer(clerks[agency], case.pk, agency, "done", "现场检查")
    with pytest.raises(Refused, match="还有 1 个部门没有答复：市消防救援支队"):
        actions.move(county, case.pk, "strike_off", today=DAY)
    actions.answer(clerks["fire"], case.pk, "fire", "done", "消防验收合格")
    with pytest.raises(Refused, match="没有列入之后的注销或并入登记"):  # nine agencies agree, the registry does not
        actions.move(county, case.pk, "strike_off", today=DAY)
    said = events.Said(FirmEvent.Kind.CANCELLED, 2023, "登记通知书")
    events.register(Firm.objects.get(uscc=A), said, user=None)
    assert actions.move(county, case.pk, "strike_off", today=DAY).state == "gone"
    assert verify().ok


def test_its_page_is_drawn_from_the_declaration(
    case: Case, clerks: dict[str, User], as_user: Any, settings: Any
) -> None:
    settings.STORAGES = {
        **settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }  # fmt: skip
    page = as_user(clerks["fire"]).get(f"/cases/{case.pk}/").content.decode()
    assert "本领域是否存在违法违规" in page
    assert "市消防救援支队答复" in page
    assert as_user(clerks["fire"]).get(f"/cases/registers/{NAME}/diagram").status_code == 200
