"""Made-up values for the page that shows every component."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from fenghuang.language.record import Input, Reading, Record, Source, Step

INVESTMENT = Input(
    "equipment_investment",
    "当年生产设备（含软件）实际投资额",
    "71000000.00",
    "元",
    sources=(Source("技改投资2022.xlsx", "Sheet1", 128, "设备投资额", "市经信局", "2023-03-02T09:30:00+08:00"),),
)
GRADE = Input("grade", "亩均评价等级", "A", "", text="A 类")


def granted() -> Record:
    """A subsidy that is paid, bound by one of its caps."""
    bands = Input("amount_by_bands", "分档补助额", "8750000.00", "元", "step")
    local = Input("local_contribution", "企业当年地方贡献", "5000000.00", "元")
    return Record(
        rule="upgrade_subsidy",
        title="技术改造设备投资补助",
        policy="taizhou-2021-27",
        on="2023-06-01",
        clause="art.10",
        outputs={"eligible": True, "amount": "5000000.00", "bound_by": "local_contribution"},
        conditions={"investment_reaches_threshold": True, "graded_a_or_b": True},
        readings=(
            Reading("first_band_from", "第一档从哪里起算", "zero", "达到起点后自第一元起算", "zero", "art.10"),
            Reading("cap_period", "上限按年还是按项目", "year", "每一年度分别计算", "project", "art.10"),
        ),
        steps=(
            Step(
                "investment_reaches_threshold",
                "投资额达到起点",
                True,
                clause="art.10",
                formula="当年生产设备（含软件）实际投资额 ≥ 500 万元",
                inputs=(INVESTMENT, Input("threshold", "起点", "500", "万元", "parameter")),
                kind="condition",
                distance="高出 6,600 万元",
            ),
            Step(
                "graded_a_or_b",
                "亩均评价为 A 类或 B 类",
                True,
                clause="art.10",
                formula="亩均评价等级为 A 类或 B 类",
                inputs=(GRADE,),
                kind="condition",
            ),
            Step(
                "rate_1",
                "第 1 档比例",
                "0.100000",
                text="10%",
                clause="art.10",
                formula="按亩均评价等级：A 类 10%，B 类 8%",
            ),
            Step(
                "amount_by_bands",
                "分档补助额",
                "8750000.00",
                "元",
                "art.10",
                "2,000 万元 × 10% + 3,000 万元 × 12% + 2,100 万元 × 15%",
                (INVESTMENT, GRADE),
            ),
            Step(
                "amount",
                "补助金额",
                "5000000.00",
                "元",
                "art.10",
                "取最小者：分档补助额、项目上限、企业当年地方贡献",
                (bands, local),
                "output",
            ),
            Step("bound_by", "金额由何决定", "local_contribution", kind="output", text="企业当年地方贡献"),
            Step("eligible", "符合补助条件", True, formula="两项条件全部成立", kind="output"),
        ),
        notes=("地方贡献按税务部门 2023-02-28 报送数。",),
    )


def unknown() -> Record:
    """One that cannot be decided: a fact is missing, a condition holds in principle only."""
    base = granted()
    return base._replace(
        outputs={"eligible": None, "amount": None},
        conditions={"investment_reaches_threshold": False, "tax_per_mu_met": None},
        missing=("local_contribution",),
        readings=(),
        notes=(),
        steps=(
            base.steps[0]._replace(value=False, distance="差 10 万元"),
            Step("tax_per_mu_met", "亩均税收达到指南", None, kind="condition", in_principle=True),
            base.steps[4]._replace(value=None, inputs=(Input("local_contribution", "企业当年地方贡献", None, "元"),)),
        ),
    )


def context() -> dict[str, Any]:
    """What ui/style.html shows."""
    units = [
        ("331002", "椒江区", 38.2),
        ("331003", "黄岩区", 31.6),
        ("331004", "路桥区", 35.1),
        ("331082", "临海市", 24.9),
        ("331081", "温岭市", 29.3),
        ("331083", "玉环市", 33.8),
        ("331023", "天台县", 18.4),
        ("331024", "仙居县", 17.2),
        ("331022", "三门县", None),
        ("tzw", "台州湾新区", 27.7),
    ]
    return {
        "none": None,
        "yes": True,
        "no": False,
        "fen": 123456789012,
        "mu": 125000,
        "ratio": 123456,
        "amount_text": "6.38",
        "geo": reverse("geojson"),
        "map": {
            "title": "亩均税收",
            "unit": "万元/亩",
            "items": [{"code": code, "name": name, "value": value} for code, name, value in units],
        },
        "histogram": {
            "title": "企业数",
            "unit": "家",
            "from": 0,
            "step": 10,
            "counts": [12, 80, 310, 902, 1530, 1840, 1210, 640, 220, 41],
            "marks": [{"at": 72, "name": "A 线"}, {"at": 48, "name": "C 线"}],
        },
        "line": {
            "unit": "万元/亩",
            "x": ["2018", "2019", "2020", "2021", "2022"],
            "series": [
                {"name": "规上", "values": [24.1, 26.3, None, 30.2, 31.6]},
                {"name": "规下", "values": [11.2, 11.9, 12.0, 13.1, 13.8]},
            ],
        },
        "records": [granted(), unknown()],
    }
