"""Which ways the demonstration's cases have gone: by register the steps taken, and what was filled in at them.

Every text says that it is made up. A value of a date field is a number of working days from the day of the step.
"""

from __future__ import annotations

from typing import Any

LAWFUL = ("verify", "all_lawful")
CARRIED_OUT = (*LAWFUL, "approve_plan")
ADMITTED = ("admit", "approve")
BUILDING = (*ADMITTED, "start")
BREACH = ("check", "notify")

WAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "inefficient_firms": (
        (*CARRIED_OUT, "ask_acceptance", "strike_off"),
        (),
        ("verify",),
        LAWFUL,
        CARRIED_OUT,
        ("verify", "order"),
        (*CARRIED_OUT, "ask_acceptance"),
        ("strike_as_wrong",),
        (*CARRIED_OUT, "ask_acceptance", "not_met"),
        CARRIED_OUT,
    ),
    "idle_land": (
        (),
        ("identify",),
        ("identify", "charge"),
        ("identify", "charge", "paid"),
        ("identify", "charge", "paid", "check_use"),
        ("clear",),
    ),
    "zero_land_projects": (
        (),
        ("admit",),
        ADMITTED,
        BUILDING,
        (*BUILDING, "decide_fees"),
        (*BUILDING, "decide_fees", "finish"),
        ("refuse",),
    ),
    "quality_firms": (
        ("recognise",),
        ("recognise", "update"),
        (),
        ("recognise", "renew"),
        ("recognise", "renew", "stay"),
    ),
    "commitments": ((), ("check",), (*BREACH,), (*BREACH, "silent", "recover"), ("release",), ("check", "not_due_yet")),
    "advance_notice": ((), ("agree",), ("agree", "register"), ("refuse",)),
    "land_transfers": ((), ("accept_whole",), ("refuse",)),
    "standard_land": ((), ("supervise",), ("supervise", "ask")),
    "land_renewal": ((), ("apply",), ("apply", "agree"), ("give_back",)),
}

YES, NO = "是", "否"
FILLED: dict[str, dict[str, Any]] = {
    "inefficient_firms": {"violation": "演示：危废贮存不规范", "rectify_until": 20},
    "idle_land": {
        "agreed_start_on": -400,
        "government_caused": NO,
        "land_price": "8600000",
        "started_on": 0,
        "until": 60,
        "measure": "fee",
    },
    "zero_land_projects": {
        "category": "permitted",
        "to_be_relocated_soon": NO,
        "approved_on": 0,
        "started_on": 0,
        "building_count": "2",
        "work_class": "ordinary",
        "adds_storey": NO,
        "has_legacy": NO,
        "land_use_unchanged": YES,
        "rules_met": YES,
        "far_and_intensity_raised": YES,
        "own_production": YES,
    },
    "quality_firms": {
        "project_class": "planned",
        "renew_by": 240,
        "project": "演示：智能化产线扩建",
        "wants_mu": "12",
        "wants_tce": "350",
    },
    "commitments": {
        "benefit": "subsidy",
        "ends_on": 120,
        "breach": "演示：税收未达承诺",
        "answer_by": 10,
        "statement": "演示：企业未作陈述",
        "amount_due": "320000",
        "interest_due": "11200",
        "pay_by": 90,
    },
    "advance_notice": {
        "is_inefficient_land": YES,
        "invested": "1800000",
        "total_investment": "12000000",
        "line_agency_approved": YES,
        "county_agreed": YES,
        "contract_forbids": NO,
        "certificate": "演示：预告〔0000〕1 号",
        "in_force_until": 240,
    },
    "land_transfers": {"kind": "whole", "contract_allows": YES, "standard_land": NO},
    "standard_land": {"agreed_until": 240},
    "land_renewal": {"ends_on": 120, "new_end": 5000},
}
TOLD = ("project_class", "project", "wants_mu", "wants_tce")  # what need not be filled in and is
DISPOSALS = ("upgrade", "merge", "recover", "leave", "park")
# Working days that the city of the demonstration gives a state.
PERIODS = {"found": 10, "legality": 20, "planning": 15, "carrying_out": 120, "acceptance": 15, "applied": 15}
PARTS = {
    "building": ({"floor_area": "3200"}, ("1 幢", "2 幢")),
    "indicator": ({"agreed": "演示：按协议"}, ("亩均税收", "固定资产投资强度")),
}
