"""`fenghuang policy new` and `check`: a first pack passes at once; every kind of fault names file, line and rule."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fenghuang.law.pack import POLICIES

Run = Callable[..., tuple[int, str, str]]
RULE = "example_made_2024"
NEW = [
    "--id",
    "made-2024",
    "--title",
    "试验办法",
    "--number",
    "试发〔2024〕1号",
    "--from",
    "2024-03-01",
    "--to",
    "2025-12-31",
]


@pytest.fixture
def pack(fenghuang: Run, tmp_path: Path) -> Path:
    """A new pack, as `policy new` makes it."""
    folder = tmp_path / "pack"
    assert fenghuang("policy", "new", folder, *NEW)[0] == 0
    return folder


def change(pack: Path, file: str, old: str, new: str) -> int:
    """Replace a text once; the line it stood on."""
    text = (pack / file).read_text("utf-8")
    assert text.count(old) >= 1, f"{file} has no {old}"
    (pack / file).write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_new_pack_has_no_fault(fenghuang: Run, pack: Path) -> None:
    code, out, err = fenghuang("policy", "check", pack)
    assert (code, err) == (0, "")
    assert out == "试验办法（试发〔2024〕1号，2024-03-01 至 2025-12-31）：1 条规则、4 个算例，没有问题\n"
    assert fenghuang("policy", "check", pack, "--format", "json")[:2] == (0, "[]\n")


def test_a_pack_without_end(fenghuang: Run, tmp_path: Path) -> None:
    assert fenghuang("policy", "new", tmp_path / "p", *NEW[:-2])[0] == 0
    assert "2024-03-01 起" in fenghuang("policy", "check", tmp_path / "p")[1]


def test_nothing_is_overwritten_and_bad_options_are_told(fenghuang: Run, pack: Path) -> None:
    before = {path: path.read_bytes() for path in pack.rglob("*.yaml")}
    code, _, err = fenghuang("policy", "new", pack, *NEW)
    assert (code, err) == (2, f"{pack}：已经存在，且不是空文件夹；不覆盖\n")
    assert {path: path.read_bytes() for path in pack.rglob("*.yaml")} == before
    wrong = ["--id", "Made", "--title", " ", "--number", "x", "--from", "2024-03-01", "--to", "2023-01-01"]
    code, _, err = fenghuang("policy", "new", pack / "other", *wrong)
    assert code == 2
    assert [line.partition("：")[0] for line in err.splitlines()] == ["--id", "--title", "--to"]
    code, _, err = fenghuang("policy", "new", pack / "other", *NEW[:-4], "--from", "2024-02-30")
    assert (code, err) == (2, "--from：读到“2024-02-30”，应为日期，如 2024-01-31\n")
    assert not (pack / "other").exists()


FAULTS = [
    ("policy.yaml", "number: ", "numbr: ", "", "number：没有写"),
    ("policy.yaml", "to: 2025-12-31", "to: 2023-12-31", "", "valid：末日 2023-12-31 早于首日 2024-03-01"),
    ("policy.yaml", "to: 2025-12-31", "to: 2025-02-30", "", "day"),
    ("policy.yaml", "id: made-2024", "id: taizhou-2021-27", "", "id：taizhou-2021-27 已是 台州市新一轮"),
    ("parameters.yaml", ", at: 第一条}", "}", RULE, f"art.1.{RULE}.threshold：没有写出处（at）"),
    ("parameters.yaml", "unit: 万元", "unit: 公顷", RULE, "不认识单位 '公顷'，应为 元、万元"),
    ("parameters.yaml", "value: 10,", "value: 一成,", RULE, "rate：读到 一成，应为十进制数"),
    ("parameters.yaml", "rate: {", "rate: {note: x, ", RULE, "rate：不认识的键'note'"),
    (
        "parameters.yaml", "cap: {", "cap: {valid: {from: 2024-01-01, to: 2024-12-31}, ", RULE,
        "有效期为 2024-01-01 至 2024-12-31，应在文件有效期 2024-03-01 至 2025-12-31 之内",
    ),
    ("parameters.yaml", "rate:", "cap:", "", "cap 写了两次"),
    ("parameters.yaml", f"  {RULE}:", "  other:", "other", "art.1：没有规则 'other'"),
    ("parameters.yaml", "art.1:", "art.2:", RULE, "写在 art.2 之下，应在 art.1（art_01.py 中 @rule 所写条款）之下"),
    ("words.yaml", "  investment: 实际投资额\n", "", RULE, "'investment' 没有中文名，应在 names: investment: 中文名"),
    (
        "words.yaml", f"  {RULE}: {{title: 示例补助, subject: 项目}}", f"  {RULE}: {{title: 示例补助}}", RULE,
        "没有写 subject",
    ),
    (
        "words.yaml", '  investment: "8000000.00"', "  investment: 很多", RULE,
        "examples：investment：读到“很多”，应为最多 2 位小数的数",
    ),
    ("art_01.py", "law.rate * investment", "investment * 2", RULE, "公式中写了 2：只能写 0 和 1"),
    ("art_01.py", "law.cap)", "law.ceiling)", RULE, "parameters.yaml 中没有参数 'ceiling'"),
    ("art_01.py", "law.cap)", "unheard_of)", RULE, "name 'unheard_of' is not defined"),
    ("art_01.py", "from fenghuang.language import", "import os\nfrom fenghuang.language import", "", "引入了 os"),
    ("art_01.py", "def example", "def def example", "", "不是合法的 Python"),
    (
        "art_01.py", "    payable =", f"    again = {RULE}(investment, new_project, law)\n    payable =", RULE,
        "不能调用另一条规则",
    ),
    ("cases/art_01.yaml", "amount: 50 万元", "amount: 51 万元", RULE, "amount：算得 500000.00，应为 51 万元"),
    ("cases/art_01.yaml", "missing: [new_project]", "missing: []", RULE, "missing：算得 new_project，应为 无"),
    (
        "cases/art_01.yaml", "given: {investment: 2000 万元}", "given: {invest: 2000 万元}", RULE,
        "没有写输入 investment",
    ),
    ("cases/art_01.yaml", "on: 2024-03-01", "date: 2024-03-01", RULE, "不认识的键'date'"),
    ("cases/art_01.yaml", "why: 未达到 500 万元", "", RULE, "没有写 why"),
    ("cases/art_01.yaml", "eligible: true", "elegible: true", RULE, "没有名为 elegible 的结果或条件"),
    ("cases/art_01.yaml", f"{RULE}:", "stranger:", "stranger", "没有规则 'stranger'"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "rule", "said"), FAULTS)
def test_a_fault_names_file_line_and_rule(
    fenghuang: Run, pack: Path, file: str, old: str, new: str, rule: str, said: str
) -> None:
    line = change(pack, file, old, new)
    code, out, err = fenghuang("policy", "check", pack)
    assert (code, out) == (2, "")
    told = [one for one in err.splitlines() if said in one]
    assert told, err
    place = re.match(r"(.*?)(?::(\d+))?：(?:规则 (\w+)：)?", told[0])
    assert place is not None
    assert place[1] == str(pack / file)
    assert place[3] == (rule or None)
    if place[2]:  # of a case or an entry the line it begins on; of a file that lacks a key there is none
        assert line - 4 <= int(place[2]) <= line + 1 or file == "words.yaml"
    else:
        assert "没有写" in told[0] or "day" in told[0]


def test_all_faults_are_told_as_lines_and_as_json(fenghuang: Run, pack: Path) -> None:
    change(pack, "parameters.yaml", ", at: 第一条}", "}")
    change(pack, "parameters.yaml", "value: 10,", "value: 一成,")
    change(pack, "words.yaml", "names:", "names: {")
    code, out, err = fenghuang("policy", "check", pack, "--format", "json")
    assert (code, err) == (2, "")
    faults = json.loads(out)
    assert [(f["file"], f["line"], f["rule"]) for f in faults][:2] == [
        ("parameters.yaml", 5, RULE),
        ("parameters.yaml", 6, RULE),
    ]
    assert {f["file"] for f in faults} == {"parameters.yaml", "words.yaml"}
    assert len(fenghuang("policy", "check", pack)[2].splitlines()) == len(faults)


def test_two_rules_of_one_name_in_one_file_in_two_and_in_another_pack(fenghuang: Run, pack: Path) -> None:
    text = (pack / "art_01.py").read_text("utf-8")
    body = text[text.index("@rule") :]
    (pack / "art_01.py").write_text(f"{text}\n\n{body}", "utf-8")
    line = len(text.splitlines()) + 4  # of the second `def`
    assert (
        f"art_01.py:{line}：规则 {RULE}：又有一条规则名为 {RULE}，前一条在第 7 行"
        in fenghuang("policy", "check", pack)[2]
    )
    (pack / "art_01.py").write_text(text, "utf-8")
    (pack / "art_02.py").write_text(text, "utf-8")
    assert (
        f"art_02.py:6：规则 {RULE}：又有一条规则名为 {RULE}，前一条在 art_01.py"
        in fenghuang("policy", "check", pack)[2]
    )
    (pack / "art_02.py").write_text(text.replace(RULE, "rent_subsidy"), "utf-8")
    assert (
        "art_02.py:6：规则 rent_subsidy：又有一条规则名为 rent_subsidy，前一条在 taizhou-2021-27"
        in (fenghuang("policy", "check", pack)[2])
    )


def test_cases_must_be_three_and_go_both_ways(fenghuang: Run, pack: Path) -> None:
    path = pack / "cases/art_01.yaml"
    text = path.read_text("utf-8")
    blocks = text.split("\n\n")
    path.write_text("\n\n".join(blocks[:2]), "utf-8")
    assert f"art_01.py:6：规则 {RULE}：1 个算例，至少应有 3 个" in fenghuang("policy", "check", pack)[2]
    same = blocks[1].replace("投资额恰为", "又一个，投资额恰为")
    path.write_text("\n\n".join([*blocks[:2], same, same.replace("又一", "第三")]), "utf-8")
    _, _, err = fenghuang("policy", "check", pack)
    assert "各算例的 eligible 都是 True" in err or "各算例的 eligible 都是 是" in err


def test_what_cannot_matter_is_told(fenghuang: Run, pack: Path) -> None:
    change(
        pack,
        "art_01.py",
        "        is_new_project=new_project,\n",
        "        is_new_project=new_project | ~new_project,\n",
    )
    _, _, err = fenghuang("policy", "check", pack)
    assert f"art_01.py:6：规则 {RULE}：input new_project" in err


CONTRACT = f"""
rules:
- rule: {RULE}
  inputs: {{investment: money, new_project: bool}}
  conditions: {{investment_reaches_threshold: x, is_new_project: y}}
  outputs: {{eligible: x, amount: y}}
"""


def test_a_contract_of_its_own_is_kept(fenghuang: Run, pack: Path) -> None:
    (pack / "rules.yaml").write_text(CONTRACT, "utf-8")
    assert fenghuang("policy", "check", pack)[0] == 0
    (pack / "rules.yaml").write_text(CONTRACT.replace("new_project: bool", "new_project: grade"), "utf-8")
    assert fenghuang("policy", "check", pack)[2] == (
        f"{pack}/rules.yaml:3：规则 {RULE}：inputs：规则中为 investment: money、new_project: bool，"
        "约定为 investment: money、new_project: grade\n"
    )
    (pack / "rules.yaml").write_text(CONTRACT.replace(f"rule: {RULE}", "rule: other"), "utf-8")
    err = fenghuang("policy", "check", pack)[2]
    assert "rules.yaml:3：规则 other：约定中有这条规则，但没有文件写它" in err
    assert f"art_01.py:6：规则 {RULE}：约定（rules.yaml）中没有这条规则" in err


def test_tables_are_read_with_their_lines(fenghuang: Run, pack: Path) -> None:
    table = """
guide:
  title: 指南
  clause: art.1
  rules: [stranger]
  basis: 未公布
  key: {name: industry, title: 行业}
  columns: {tax: {title: 税收, unit: 万元/亩}}
  versions:
    - {source: 某公报, valid: {from: 2024-03-01, to: 2024-12-31}, rows: {"29": {tax: 1}}}
    - {source: 某公报, valid: {from: 2024-12-01, to: 2025-12-31}, rows: {"29": {tax: 2}}}
"""
    (pack / "references.yaml").write_text(table, "utf-8")
    assert (
        f"{pack}/references.yaml:5：规则 stranger：guide：没有规则 'stranger'" in fenghuang("policy", "check", pack)[2]
    )
    (pack / "references.yaml").write_text(table.replace("[stranger]", "[]"), "utf-8")
    assert "references.yaml:2：guide：'29' 有两行数据在 2024-12-01 都有效" in fenghuang("policy", "check", pack)[2]
    (pack / "references.yaml").write_text(table.replace("[stranger]", "[]").replace("{tax: 2}", "{}"), "utf-8")
    assert "references.yaml:11：" in fenghuang("policy", "check", pack)[2]


def test_a_folder_there_is_not_and_one_without_a_pack(fenghuang: Run, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert fenghuang("policy", "check", nowhere) == (2, "", f"{nowhere}：没有这个文件夹\n")
    assert fenghuang("policy", "check", tmp_path) == (2, "", f"{tmp_path}/policy.yaml：没有这个文件\n")


# -- packs beside the shipped ones


def command(*arguments: object, packs: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: packs are loaded once."""
    return subprocess.run(
        [sys.executable, "-m", "fenghuang.cli", *map(str, arguments)],
        input=given, capture_output=True, text=True, check=False,
        env={**os.environ, "FENGHUANG_POLICIES": packs, "PYTHONPATH": str(POLICIES.parents[2])},
    )  # fmt: skip


def test_a_pack_outside_calculates_like_a_shipped_one(pack: Path, tmp_path: Path) -> None:
    case = '{"investment": "6000000", "new_project": true, "id": 1}'
    for named in (str(pack), str(pack.parent), f"{tmp_path}/nowhere{os.pathsep}{pack}"):
        done = command("calc", RULE, "--input", "-", "--on", "2024-05-01", "--format", "json", packs=named, given=case)
        (answer,) = json.loads(done.stdout)
        assert (answer["policy"], answer["outputs"]["amount"]) == ("made-2024", "600000.00")
    (tmp_path / "in.json").write_text(f"[{case}]", "utf-8")
    done = command("batch", RULE, "--input", tmp_path / "in.json", "--output", tmp_path / "o.csv", packs=str(pack))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{RULE}.amount" in (tmp_path / "o.csv").read_text("utf-8")
    assert RULE in command("rules", packs=str(pack)).stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("parameters.yaml", ", at: 第一条}", "}", "parameters.yaml:5"),
        ("art_01.py", "law.cap)", "law.ceiling)", "art_01.py:13"),
        ("words.yaml", "  amount: 补助金额\n", "", "words.yaml:5"),
        ("policy.yaml", "id: made-2024", "id: taizhou-2021-27", "policy.yaml:2"),
        ("cases/art_01.yaml", "given:", "given", "cases/art_01.yaml:"),
    ],
)
def test_a_faulty_pack_outside_is_named_and_the_others_work(
    pack: Path, file: str, old: str, new: str, said: str
) -> None:
    change(pack, file, old, new)
    done = command("rules", packs=str(pack))
    assert done.returncode == 0
    assert "upgrade_subsidy" in done.stdout
    assert RULE not in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"政策包 {pack} 未载入：{said}")
