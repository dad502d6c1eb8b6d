"""Classes add up; printed averages are compared as printed, and a disagreement needs a reason before it goes on."""

from __future__ import annotations

from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from campaigns import LATER, begun, carried
from django.db import Error, transaction

from fenghuang.domain.campaign import actions, controls
from fenghuang.domain.campaign.models import Campaign, ControlFigure
from fenghuang.domain.campaign.reconciling import agreement, average, balances, compared, read_printed
from fenghuang.language.numbers import show_fraction
from fenghuang.platform.audit.models import Event
from fenghuang.platform.refusals import Refused

WHERE = {"document": "椒经信〔2023〕8 号", "source": "第 3 页表 2"}
METHODS = Path(__file__).parents[3] / "src/fenghuang/law/methods"


@pytest.mark.parametrize(
    ("computed", "printed", "verdict"),
    [
        ("26.005", "26.01", "agrees"),  # exactly half goes up
        ("26.004999999999999999999", "26.00", "agrees"),
        ("26.004999999999999999999", "26.01", "differs"),
        ("26.0149", "26.01", "agrees"),
        ("26.015", "26.01", "truncated"),
        ("26.019999", "26.01", "truncated"),
        ("26.02", "26.01", "differs"),
        ("-1.005", "-1.01", "agrees"),  # away from zero
        ("-1.009", "-1.00", "truncated"),
        ("0.03045", "3.05%", "agrees"),
        ("0.03045", "3.04%", "truncated"),
    ],
)
def test_agreement_at_the_printed_decimals(computed: str, printed: str, verdict: str) -> None:
    indicator = "rnd_share" if "%" in printed else "tax_per_mu"
    assert agreement(Fraction(computed), *read_printed(printed, indicator)) == verdict


def test_an_average_that_is_unknown_agrees_with_nothing() -> None:
    assert agreement(None, 1, 0) == "unknown"


@pytest.mark.parametrize("text", ["", "二十六", "26.01 万元", "1e3", "3%", "0.123456789", "1" * 20])
def test_what_is_no_printed_average(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its kinds
        read_printed(text, "tax_per_mu")


def test_published_averages_are_read_as_they_were_printed() -> None:
    """The benchmarks of 黄岩区 2022 are averages as printed: value and decimals survive."""
    scope = yaml.safe_load((METHODS / "huangyan-2022.yaml").read_text(encoding="utf-8"))["scopes"][0]
    printed = {name: str(item["benchmark"]) for name, item in scope["indicators"].items()}
    assert read_printed(printed["tax_per_mu"], "tax_per_mu") == (24097, 3)
    for name, text in printed.items():
        value, decimals = read_printed(text, name)
        assert show_fraction(Fraction(value, 10**decimals), decimals) == text


@pytest.fixture
def reconciled(ten: list[str]) -> Campaign:
    return carried(begun(), "reconcile")


def exact(campaign: Campaign) -> Fraction:
    """Taxes 1,000,000 down to 550,000 yuan on 10 亩 each: 7.75 万元 a 亩."""
    found = average(campaign.scorings.first(), "below_scale", "tax_per_mu").value
    assert found == Fraction(775, 100)
    return found


def printed(campaign: Campaign, text: str, actor: Any = None) -> ControlFigure:
    return controls.add(actor, campaign.pk, scope="below_scale", indicator="tax_per_mu", printed=text, **WHERE)


def test_classes_add_up_and_an_agreeing_average_lets_it_go_on(reconciled) -> None:
    assert all(one.holds for one in balances(reconciled.scorings.first()))
    exact(reconciled)
    printed(reconciled, "7.8")  # 7.75 rounds up
    assert actions.advance(None, reconciled.pk, "submit", today=LATER).state == "decision"


def test_a_disagreement_is_named_and_accepted_with_a_reason(reconciled, county) -> None:
    figure = printed(reconciled, "7.7")
    with pytest.raises(Refused, match=r"规下企业亩均税收（印发 7\.7，椒经信〔2023〕8 号）仅按截位一致"):
        actions.advance(None, reconciled.pk, "submit", today=LATER)
    with pytest.raises(Refused, match="请填写接受理由"):
        controls.accept(None, figure, " ")
    controls.accept(None, figure, "印发时按截位取一位小数", scoring=reconciled.scorings.first().number)
    event = Event.objects.get(action="campaign.accept_control")
    assert event.reason == "印发时按截位取一位小数"
    assert (event.after["verdict"], event.after["computed"]) == ("truncated", "***")  # of taxes
    assert actions.advance(None, reconciled.pk, "submit", today=LATER).state == "decision"


def test_the_next_scoring_is_compared_anew(reconciled) -> None:
    figure = printed(reconciled, "7.1")
    controls.accept(None, figure, "口径不同")
    actions.advance(None, reconciled.pk, "adjust_again", reason="补充", today=LATER)
    actions.advance(None, reconciled.pk, "reconcile", today=LATER)
    (one,) = compared(reconciled, reconciled.scorings.first())
    assert (one.verdict, one.is_open) == ("differs", True)
    with pytest.raises(Refused, match="不一致"):
        actions.advance(None, reconciled.pk, "submit", today=LATER)


def test_a_corrected_figure_takes_the_place_of_the_earlier_one(reconciled) -> None:
    printed(reconciled, "7.1")
    printed(reconciled, "7.75")
    assert [one.figure.printed for one in compared(reconciled, reconciled.scorings.first())] == ["7.75"]
    assert ControlFigure.objects.count() == 2
    assert Event.objects.filter(action="campaign.control").first().before["printed"] == "7.1"


def test_bad_figures_are_refused_in_words(reconciled, ten) -> None:
    for text, said in (("七点七", "印发值填的是“七点七”，应为以万元/亩为单位的数字"), ("7.7%", "应为以万元/亩")):
        with pytest.raises(Refused, match=said):
            printed(reconciled, text)
    with pytest.raises(Refused, match="请选择指标"):
        controls.add(None, reconciled.pk, scope="", indicator="x", printed="1", **WHERE)


def test_not_before_and_never_after(ten) -> None:
    campaign = carried(begun(), "to_scoring")
    with pytest.raises(Refused, match="只能在“核对平衡”、“审定”环节核对"):
        printed(campaign, "7.75")


def test_the_database_keeps_the_figures_of_a_frozen_campaign(reconciled) -> None:
    figure = printed(reconciled, "7.75")
    for name in ("submit", "publish", "freeze"):
        actions.advance(None, reconciled.pk, name, document="〔2023〕5 号", today=LATER)
    with pytest.raises(Error), transaction.atomic():
        ControlFigure.objects.filter(pk=figure.pk).update(value=1)
    with pytest.raises(Refused, match="归档"):
        controls.withdraw(None, figure, "错")


def test_the_page_for_its_official(as_user, city, operator, auditor, reconciled) -> None:
    address, client = f"/campaigns/{reconciled.pk}/reconciliation", as_user(city)
    sent = {"scope": "below_scale", "indicator": "tax_per_mu", "printed": "7.7", **WHERE}
    answer = client.post(f"/campaigns/{reconciled.pk}/figures", sent, follow=True)
    page = unescape(answer.content.decode())
    assert "仅按截位一致" in page
    assert "7.750 万元/亩，四舍五入为 7.8 万元/亩" in page
    figure = ControlFigure.objects.get()
    assert as_user(operator).get(address).status_code == 403
    assert as_user(operator).post(f"/campaigns/figures/{figure.pk}/accept", {"reason": "x"}).status_code == 403
    assert "登记印发的平均值" not in as_user(auditor).get(address).content.decode()
    client = as_user(city)
    client.post(f"/campaigns/figures/{figure.pk}/accept", {"reason": "截位", "scoring": "2"})
    assert "已接受" in client.get(address).content.decode()
    client.post(f"/campaigns/figures/{figure.pk}/withdraw", {"reason": "登错"})
    assert "还没有登记印发的平均值" in client.get(address).content.decode()
