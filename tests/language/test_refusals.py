"""What a rule, a parameter or a reading may not do is refused when it is loaded, and the fault says where."""

from __future__ import annotations

from pathlib import Path

import pytest

import packs_made
from fenghuang.language.values import RuleError
from fenghuang.law.pack import Pack

ONE = "art.1: {r: {cap: {value: 5, unit: 万元, at: '1:1'}}}"
READING = """
art.1:
  r:
    way: {title: 怎么读, at: "1:1", default: a, choices: {a: 甲, b: 乙}, reason: 未定}
"""
HEAD = "@rule('art.1')\ndef r(m: Money, n: Money, s: Area, q: Ratio, g: Grade, b: Bool) -> Outputs:\n"


def refused(pack: Pack) -> str:
    with pytest.raises(RuleError) as fault:
        pack.program("r")
    return str(fault.value)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("m * 0.1", "0.1 stands in a formula: only 0 and 1 may"),
        ("0.1 * m", "0.1 stands in a formula"),
        ("m * Decimal('0.1')", "Decimal('0.1') stands in a formula"),
        ("Decimal(1) * m", "stands in a formula"),
        ("m * Fraction(1, 3)", "Fraction(1, 3) stands in a formula"),
        ("m + 2", "2 stands in a formula"),
        ("2 - m", "2 stands in a formula"),
        ("m * True", "True stands in a formula"),
        ("when(m >= 3, m, 0)", "3 stands in a formula"),
        ("when(m > 0.5, m, 0)", "0.5 stands in a formula"),
        ("m / n", "`/` on a value is refused; use muldiv"),
        ("1 / m", "`/` on a value is refused"),
        ("m // n", "`/` on a value is refused"),
        ("m % n", "`/` on a value is refused"),
        ("m ** 1", "`/` on a value is refused"),
        ("m if b else n", "`if`"),
        ("m if m > 0 else n", "`if`"),
        ("when(b and m > 0, m, n)", "`and`"),
        ("when(b or m > 0, m, n)", "`or`"),
        ("when(not b, m, n)", "`not`"),
        ("when(0 < m < n, m, n)", "chained comparison"),
        ("when(m == n, m, n)", "`==`"),
        ("when(m != n, m, n)", "`!=`"),
        ("when(g == 'A', m, n)", "`==` or `in` on a value is refused; use .among()"),
        ("when(g in ('A', 'B'), m, n)", "`in`"),
        ("min(m, n)", "`if`"),
        ("max(m, n)", "`if`"),
        ("sorted([m, n])[0]", "`if`"),
        ("round(m)", "round()"),
        ("round(m, 2)", "round()"),
        ("float(m)", "float()"),
        ("int(m)", "int()"),
        ("abs(m)", "bad operand type for abs()"),
        ("-m", "bad operand type for unary -"),
        ("m + s", "元 and 平方米 do not go together"),
        ("when(m >= s, m, n)", "元 and 平方米 do not go together"),
        ("least(m, m * n)", "元 and 元·元 do not go together"),
        ("greatest(m, q)", "元 and 纯数 do not go together"),
        ("when(g.among('E'), m, n)", "label 'E' is not one of"),
        ("when(m, n, n)", "expected a condition, found Number"),
        ("when(b & m, m, n)", "expected a condition, found Number"),
        ("least(b, 0)", "Rule"),
        ("by(g, A=m, B=n)", "do not match labels"),
        ("bound_by(m)", "bound_by() needs a least(name=...)"),
        ("bound_by(least(m, n))", "bound_by() needs a least(name=...)"),
        ("law.ceiling", "no parameter 'ceiling' in parameters.yaml"),
        ("unheard_of", "name 'unheard_of' is not defined"),
        ("progressive(m, [n], [q], 0)", "zip() argument 2 is shorter"),
    ],
)
def test_an_expression_a_rule_may_not_say(tmp_path: Path, expression: str, why: str) -> None:
    uses_law = "law" in expression
    code = HEAD.replace("b: Bool)", "b: Bool, law: Law)" if uses_law else "b: Bool)")
    code += f"    good = m + n\n    bad = {expression}\n    return outputs(good=good, bad=bad)\n"
    message = refused(packs_made.pack(tmp_path, code, ONE if uses_law else "{}"))
    line = len(code.splitlines()) + 3 - 1  # the line before `return`, behind three lines of imports
    assert message.startswith(f"{tmp_path}/made/art_01.py:{line}: r: ")
    if why != "Rule":
        assert why in message


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return outputs(x=m)", "parameters that the rule never reads: cap"),
        ("return outputs(x=least(m, law.cap), y=reading.no)", "no reading 'no' in readings.yaml"),
        (
            "return outputs(x=least(m, law.cap), y=reading.way)",
            "an output must be a number, a condition, a choice or names",
        ),
        ("e = all_of(ok=m > law.cap)\n    return outputs(ok=m, e=e)", "ok is the name of a condition and of an output"),
        ("e = all_of(ok=m > law.cap) & all_of(ok=n > 0)\n    return outputs(e=e)", "two conditions are named ok"),
        ("law.cap\n    return m", "'Number' object has no attribute 'values'"),
    ],
)
def test_a_rule_that_does_not_fit_its_data(tmp_path: Path, body: str, why: str) -> None:
    code = HEAD.replace("b: Bool)", "b: Bool, law: Law, reading: Readings)") + f"    {body}\n"
    assert why in refused(packs_made.pack(tmp_path, code, ONE, READING))


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        (
            "art.1: {r: {cap: {value: 5, unit: 万元}}}",
            "parameters.yaml:1: r: art.1.r.cap: no place in the source (`at`)",
        ),
        (
            "art.1: {r: {cap: {value: 5, unit: 公顷, at: '1'}}}",
            "art.1.r.cap: unknown unit '公顷' in '公顷'; known: 元、万元",
        ),
        ("art.1: {r: {cap: {unit: 万元, at: '1'}}}", "art.1.r.cap: no 'value'"),
        ("art.1: {r: {cap: {value: 五, at: '1'}}}", "art.1.r.cap: 五 is not a decimal number"),
        ("art.1: {r: {cap: {value: 5, note: x, at: '1'}}}", "art.1.r.cap: unknown key 'note'"),
        ("art.1: {r: {cap: {by: colour, A: 1, at: '1'}}}", "art.1.r.cap: no 'colour'"),
        ("art.1: {r: {cap: {by: grade, A: [1, 2], B: [1], at: '1'}}}", "art.1.r.cap: rows of different length: [1]"),
        ("art.1: {r: {cap: 5}}", "art.1.r.cap: expected value, unit and place, found 5"),
        ("art.1: {r: 5}", "parameters.yaml:1: r: art.1.r: expected names with entries, found 5"),
        ("art.1: 5", "parameters.yaml:1: art.1: expected names with entries, found 5"),
        ("art.1: {r: {cap: {value: 5, value: 6, at: '1'}}}", "parameters.yaml:1: value stands twice"),
        (
            "art.1:\n  r: {cap: {value: 5, at: '1'}}\n  r: {cap: {value: 6, at: '1'}}",
            "parameters.yaml:3: r stands twice",
        ),
        ("art.1: {r: [", "parameters.yaml:2: while parsing"),
    ],
)
def test_a_parameter_that_cannot_be_read(tmp_path: Path, parameters: str, why: str) -> None:
    with pytest.raises(RuleError) as fault:
        packs_made.pack(tmp_path, HEAD + "    return outputs(x=m)\n", parameters)
    assert why in str(fault.value)


@pytest.mark.parametrize(
    ("readings", "why"),
    [
        (
            READING.replace("default: a", "default: c"),
            "readings.yaml:4: r: art.1.r.way: default 'c' is not among the choices",
        ),
        (READING.replace(", reason: 未定", ""), "readings.yaml:4: r: art.1.r.way: no `reason`"),
        (READING.replace("  r:", "  stranger:"), "readings.yaml:3: stranger: art.1: no rule 'stranger'"),
        ("art.1: {r: {way: 5}}", "readings.yaml:1: r: art.1.r.way: expected names with entries, found 5"),
        (
            "art.1: {r: {way: {title: x, at: '1', default: a, choices: [a], reason: x}}}",
            "art.1.r.way.choices: expected",
        ),
    ],
)
def test_a_reading_that_cannot_be_read(tmp_path: Path, readings: str, why: str) -> None:
    with pytest.raises(RuleError) as fault:
        packs_made.pack(tmp_path, HEAD + "    return outputs(x=m)\n", readings=readings)
    assert why in str(fault.value)


def test_two_rules_of_one_name(tmp_path: Path) -> None:
    code = HEAD + "    return outputs(x=m)\n"
    with pytest.raises(RuleError, match=r"art_02\.py:4: r: a second rule named r; the first is in art_01\.py"):
        packs_made.pack(tmp_path, code, art_02=code)


def test_a_table_without_a_row_for_a_grade(tmp_path: Path) -> None:
    code = HEAD.replace("b: Bool)", "b: Bool, law: Law)") + "    return outputs(x=law.cap[g])\n"
    pack = packs_made.pack(tmp_path, code, "art.1: {r: {cap: {by: grade, unit: 元, A: 1, B: 2, at: '1'}}}")
    assert "art.1.r.cap: no row for 'C' and no `others`" in refused(pack)


def test_an_input_without_a_type_of_the_contract(tmp_path: Path) -> None:
    pack = packs_made.pack(tmp_path, "@rule('art.1')\ndef r(m: int) -> Outputs:\n    return outputs(x=m)\n")
    assert "r: input m has no type of the contract" in refused(pack)


def test_words_of_the_law_are_not_taken_for_booleans_and_decimals_stay_exact(tmp_path: Path) -> None:
    code = HEAD.replace("b: Bool)", "b: Bool, law: Law, reading: Readings)")
    code += "    paid = m * law.rate\n    return outputs(x=paid if reading.way == 'no' else m)\n"
    readings = READING.replace("{a: 甲, b: 乙}", "{no: 否, yes: 是}").replace("default: a", "default: no")
    readings = readings.replace("reason: 未定", "reason: 未定, settled: {by: 市经信局, on: 2023-01-05}")
    pack = packs_made.pack(tmp_path, code, "art.1: {r: {rate: {value: 0.1, at: '1:1'}}}", readings)
    (reading,) = pack.readings["r"]
    assert (reading.settled_by, reading.settled_on) == ("市经信局", "2023-01-05")
    assert pack.program("r").chosen == {"way": "no"}
    (figure,) = pack.parameters["art.1.r.rate"].figures[""]
    assert (figure.numerator, figure.denominator) == (1, 10)


def test_a_rule_may_not_call_another(tmp_path: Path) -> None:
    """So there is no circle of rules either: a name that is a rule is no function."""
    code = HEAD + "    return outputs(x=m + other(m))\n\n\n@rule('art.1')\ndef other(m: Money) -> Outputs:\n"
    pack = packs_made.pack(tmp_path, code + "    return outputs(x=r(m, m, m, m, m, m))\n")
    assert refused(pack) == (
        f"{tmp_path}/made/art_01.py:6: r: calls the rule other: a rule is one function and cannot call another"
    )


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    figures = (
        "art.1:\n  r:\n    cap: {value: 五, at: '1'}\n    low: {value: 5}\n    high: {value: 5, unit: 公顷, at: '1'}\n"
    )
    with pytest.raises(RuleError) as fault:
        packs_made.pack(tmp_path, "import nothing_of_that_name\n", figures, READING.replace(", reason: 未定", ""))
    lines = [line.split(": ")[0] for line in str(fault.value).splitlines()]
    assert lines == ["art_01.py:4", "parameters.yaml:3", "parameters.yaml:4", "parameters.yaml:5", "readings.yaml:4"]
