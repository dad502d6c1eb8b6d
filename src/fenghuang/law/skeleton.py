"""The first files of a new pack: one tiny example rule that passes `fenghuang policy check`, to be written over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from string import Template

POLICY = """\
# 政策文件本身 / which document this is
id: $id                      # 小写字母、数字和连字符；与其他政策包不重复 / unique among packs
title: $title
number: $number
valid: $valid    # 首日和末日都算在内；没有 to 为长期有效 / both days included
# signed: 2024-01-05          # 文件的其他日期，可不写 / further dates, optional
# assumed: {valid: 为什么只是暂定}   # 原文未写明而暂定的：title number valid figures / not known, taken for so
"""

PARAMETERS = """\
# 政策中的数：条款 -> 规则 -> 名称 / the figures of the law: clause -> rule -> name
# at 是这个数在原文中的位置（行:列，或“第一条”），没有出处的数不收 / where it stands in the source; required
art.1:
  $rule:
    threshold: {value: 500, unit: 万元, at: 第一条}
    rate: {value: 10, unit: "%", at: 第一条}
    cap: {value: 100, unit: 万元, at: 第一条}
"""

READINGS = """\
# 原文留有选择之处：写明各种读法、默认和理由；没有就空着 / passages that leave a choice; may be empty
#
# art.1:
#   $rule:
#     threshold_included:
#       title: 起点是否含本数
#       at: 第一条
#       default: included
#       choices: {included: 含本数, excluded: 不含本数}
#       reason: 为什么默认如此
"""

RULE = '''\
"""art.1 示例条款 / an example; write your own rule over it."""

from fenghuang.language import Bool, Law, Money, Outputs, all_of, granted, least, outputs, rule


@rule("art.1")
def $rule(investment: Money, new_project: Bool, law: Law) -> Outputs:
    """New projects of the threshold and more get a share of their investment, up to the cap."""
    eligible = all_of(
        investment_reaches_threshold=investment >= law.threshold,  # >= 含本数；> 不含 / >= includes the bound
        is_new_project=new_project,
    )
    payable = least(law.rate * investment, law.cap)
    return outputs(eligible=eligible, amount=granted(eligible, payable))
'''

WORDS = """\
# 页面上的说法：规则、输入、步骤、条件、结果、参数都要有中文名 / how a page says every name of the rules
rules:
  $rule: {title: 示例补助, subject: 项目}

names:
  in_force: 在政策有效期内
  investment: 实际投资额
  new_project: 新建项目
  threshold: 起点
  rate: 补助比例
  cap: 最高补助额
  investment_reaches_threshold: 投资额达到起点
  is_new_project: 属于新建项目
  payable: 按比例计算并封顶的金额
  eligible: 符合补助条件
  amount: 补助金额

labels: {}      # 选项的中文名 / labels of choices

hints: {}       # 输入框下的提示 / a hint below a field

examples:       # 计算器里“填入示例”的数，按输入的单位写 / in the unit of the input
  investment: "8000000.00"
  new_project: true
"""

CASES = """\
# 算例：given 输入（未知写 null），expect 应得结果，why 手工推算，on 依据日期
# worked cases: at least three a rule, on both sides of each decision; figures may have a unit
$rule:
  base: {new_project: true}     # 每个算例都有的输入 / given in every case

  投资额恰为起点 500 万元的给予补助:
    given: {investment: 500 万元}
    expect: {eligible: true, amount: 50 万元}
    on: $on
    why: 500 万元 × 10% = 50 万元；含本数

  投资额差 1 分到起点的不补助:
    given: {investment: 4999999.99 元}
    expect: {eligible: false, amount: 0 元}
    on: $on
    why: 未达到 500 万元

  补助额封顶:
    given: {investment: 2000 万元}
    expect: {amount: 100 万元}
    on: $on
    why: 2000 万元 × 10% = 200 万元，最高 100 万元

  是否新建不明的，金额未知:
    given: {investment: 800 万元, new_project: null}
    expect: {eligible: null, amount: null}
    missing: [new_project]
    on: $on
    why: 未知不按“否”处理
"""

FILES = {
    "policy.yaml": POLICY,
    "parameters.yaml": PARAMETERS,
    "readings.yaml": READINGS,
    "words.yaml": WORDS,
    "art_01.py": RULE,
    "cases/art_01.yaml": CASES,
}


def example_rule(pack: str) -> str:
    """The name of the example rule of a pack: no two packs may share one."""
    return f"example_{pack.replace('-', '_')}"


def files(pack: str, title: str, number: str, first: date, last: date | None) -> Iterator[tuple[str, str]]:
    """Path and text of every file of a new pack."""
    said = {
        "id": json.dumps(pack) if pack.isdecimal() else pack,
        "title": json.dumps(title, ensure_ascii=False),
        "number": json.dumps(number, ensure_ascii=False),
        "valid": f"{{from: {first}, to: {last}}}" if last else f"{{from: {first}}}",
        "rule": example_rule(pack),
        "on": str(first),
    }
    for name, text in FILES.items():
        yield name, Template(text).substitute(said)
