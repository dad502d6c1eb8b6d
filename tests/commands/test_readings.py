"""`fenghuang readings`: what the document leaves open, what was chosen, and what cannot be chosen yet."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., tuple[int, str, str]]


def test_every_reading_is_listed_with_its_place_and_reason(fenghuang: Run) -> None:
    code, out, _ = fenghuang("readings", "--format", "json")
    assert code == 0
    readings = {(r["rule"], r["name"]): r for r in json.loads(out)}
    assert len(readings) > 40
    assert all(r["at"] and r["reason"] and r["effect"] and r["default"] in r["choices"] for r in readings.values())
    whole = readings["upgrade_subsidy", "bands_apply_to"]
    assert (whole["clause"], whole["open"], whole["needs"], whole["settled"]) == ("art.10", False, "", None)
    assert readings["every_rule", "in_force_from"]["choices"].keys() == {"signed", "issued"}
    assert readings["upgrade_subsidy", "value_added_tax"]["needs"] == "发票上的增值税额"


def test_the_readings_of_one_rule_as_a_person_reads_them(fenghuang: Run) -> None:
    code, out, _ = fenghuang("readings", "upgrade_subsidy")
    assert code == 0
    lines = out.splitlines()
    assert "bands_apply_to　各档比例用于分段还是全额" in lines
    assert "  默认：slices（各段投资按本段比例）" in lines
    assert "  确认：尚无有权机关确认" in lines
    assert "value_added_tax　投资额是否含增值税　【只作记录，不能选定：还需要发票上的增值税额】" in lines
    assert "in_force_from　自签署日还是印发日起有效" in lines
    assert "short_leases" not in out
    code, _, err = fenghuang("readings", "upgrade")
    assert code == 2
    assert "是否指 upgrade_subsidy" in err


def test_an_open_reading_is_shown_with_its_rule_but_cannot_be_set(fenghuang: Run, tmp_path: Path) -> None:
    _, out, _ = fenghuang("rule", "fee_exemption")
    assert "只作记录的口径" in out.splitlines()
    subject = tmp_path / "project.json"
    subject.write_text("{}")
    code, out, err = fenghuang("calc", "fee_exemption", "--input", subject, "--set", "what_is_raised=any")
    assert (code, out) == (2, "")
    assert err == "--set what_is_raised：这项口径只作记录，不能选定：还需要投资强度、利用效率、合同容积率各自是否提高\n"


def test_the_document_may_be_in_force_a_day_later(fenghuang: Run, tmp_path: Path) -> None:
    subject = tmp_path / "project.json"
    subject.write_text(json.dumps({"building_count": 2}))
    asked = ("calc", "phased_acceptance", "--input", subject, "--on", "2021-12-26", "--format", "json")
    _, signed, _ = fenghuang(*asked)
    _, issued, _ = fenghuang(*asked, "--set", "in_force_from=issued")
    assert json.loads(signed)[0]["outputs"] == {"phased_acceptance_allowed": True}
    assert json.loads(issued)[0]["outputs"] == {"phased_acceptance_allowed": False}
    assert "所依据的日期 ≥ 2021-12-27" in fenghuang(*asked[:6], "--set", "in_force_from=issued")[1]
