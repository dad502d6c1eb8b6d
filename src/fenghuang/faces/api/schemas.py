"""The shapes of the answers, for OpenAPI. Answers do not pass through them: a test holds the two equal."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

Value = str | bool | list[str] | None


class StepInput(Schema):
    """一步所用的一项数据、参数或前一步的结果。"""

    name: str
    title: str
    value: Value
    unit: str
    kind: str = Field(description="input 数据，parameter 参数，step 前步")


class Step(Schema):
    """计算的一步。"""

    name: str
    title: str
    value: Value
    unit: str
    clause: str
    formula: str
    inputs: list[StepInput]
    distance: str = Field("", description="距条件界限多少；只在条件是一个比较时给出")


class Answer(Schema):
    """一个对象的结果。金额和小数为字符串（"7100000.00"），日期为 ISO 格式，未知为 null。"""

    rule: str
    policy: str
    on: str = Field(description="所依据的日期")
    outputs: dict[str, Value]
    conditions: dict[str, bool | None] = Field(description="true 成立，false 不成立，null 未知")
    missing: list[str] = Field(description="仍可能改变未知结果的缺少字段")
    readings: dict[str, str] = Field(description="所用口径")
    steps: list[Step]


class StepInWords(Step):
    """一步及其文字。"""

    text: str = Field(description="取值的文字，如 是、A 类")
    kind: str = Field(description="condition 条件，output 结果，value 中间值")
    in_principle: bool = Field(description="原文以“原则上”限定：不符合时需说明理由的决定，不是拒绝")
    note: str


class ReadingInWords(Schema):
    """所用的一项口径。"""

    name: str
    title: str
    choice: str
    choice_title: str
    default: str
    clause: str


class Explanation(Answer):
    """结果及其文字说明。"""

    title: str
    clause: str
    steps: list[StepInWords]  # type: ignore[assignment]
    missing_titles: list[str] = Field(description="缺少资料的名称，次序同 missing")
    used_readings: list[ReadingInWords]
    notes: list[str]


class Input(Schema):
    """规则的一个输入字段。"""

    name: str
    type: str
    title: str
    unit: str = ""
    decimals: int = 0
    min: str = ""
    max: str = ""
    labels: list[str] = []
    hint: str = ""
    example: Any = None


class Reading(Schema):
    """一项口径：原文留有选择之处。"""

    name: str
    title: str
    default: str
    choices: dict[str, str]
    reason: str


class Validity(Schema):
    """有效期，首尾两日都含；to 为 null 即未定截止日。"""

    from_: str = Field(alias="from")
    to: str | None


class Policy(Schema):
    """一份政策。sha256 是其规则、数值和口径的内容哈希。"""

    id: str
    title: str
    number: str
    valid: Validity
    sha256: str
    rules: list[str]


class Duty(Schema):
    """条款要求的一件事；by 为实现它的规则或清单。"""

    key: str
    title: str
    by: list[str] = []


class Superseded(Schema):
    """取代这一条款的新规定。"""

    by: str
    from_: str = Field(alias="from")
    source: str


class Clause(Schema):
    """一个条款及其实现情况。"""

    clause: str
    title: str
    policy: str
    kind: list[str]
    agencies: list[str] = Field(description="责任单位，按原文次序")
    status: str = Field(description="done 已实现，partly 部分实现，not yet 未实现；由程序计算")
    done: list[Duty]
    todo: list[Duty]
    superseded: Superseded | None


class Figure(Schema):
    """政策的一个数值；values 按 by 的标签给出，没有分类的标签为空。"""

    path: str
    clause: str
    rule: str
    title: str
    unit: str
    by: str
    values: dict[str, list[str]]
    valid: Validity
    at: Any = Field(description="在原文中的行:列")


class Settled(Schema):
    """由谁在何时确认。"""

    by: str
    on: str | None


class OpenPassage(Schema):
    """原文留有选择之处。open 为 true 的，缺少 needs 所说的数据，只登记，不能设定。"""

    name: str
    clause: str
    rule: str
    title: str
    at: str
    choices: dict[str, str]
    default: str
    reason: str
    effect: str
    open: bool
    needs: str
    settled: Settled | None


class Rule(Schema):
    """一条规则。"""

    name: str
    clause: str
    title: str
    subject: str
    policy: str
    inputs: list[Input]
    conditions: list[str]
    outputs: list[str]
    readings: list[Reading]


class Formula(Schema):
    """规则的一步怎样算。"""

    name: str
    title: str
    formula: str


class Parameter(Schema):
    """规则所用的一个数值，at 为它在原文中的行:列。"""

    path: str
    title: str
    unit: str
    at: str | list[str] | dict[str, str | list[str]]


class RuleInFull(Rule):
    """一条规则及其步骤和参数。"""

    steps: list[Formula]
    parameters: list[Parameter]


class Change(Schema):
    """一组决定的变化。金额为字符串（元），没有金额的规则为 null；人数为整数。"""

    subjects: int
    before: str | None = Field(description="现行合计，只计已知")
    after: str | None = Field(description="方案合计，只计已知")
    difference: str | None = Field(description="两边都已知的差额")
    winners: int
    gain: str | None
    losers: int
    loss: str | None
    same: int
    unknown: int = Field(description="一边或两边未知，不计入差额")
    unknown_before: int
    unknown_after: int
    became_known: str | None
    became_unknown: str | None
    newly: int = Field(description="现行没有、方案有")
    no_longer: int
    changed: int


class ConditionChange(Schema):
    """一个条件有多少次变化。"""

    name: str
    title: str
    became_true: int
    became_false: int
    became_known: int
    became_unknown: int


class RuleChange(Change):
    """一条规则的变化。"""

    rule: str
    title: str
    clause: str
    money: bool
    conditions: list[ConditionChange]


class GroupChange(Change):
    """一个分组的变化。"""

    label: str


class Largest(Schema):
    """变动最大的决定之一；row 为人群中第几个，从 1 起。"""

    id: str
    row: int
    rule: str
    before: str
    after: str
    difference: str


class VariantRead(Schema):
    """所比较的方案。"""

    title: str
    policy: str
    parameters: dict[str, str] = {}
    readings: dict[str, str] = {}


class Comparison(Schema):
    """方案与现行政策的比较；total 与 by 只计有金额的规则。"""

    variant: VariantRead
    policy_sha256: str
    on: str
    total: Change
    rules: list[RuleChange]
    by: dict[str, list[GroupChange]]
    largest: list[Largest]


class ProblemError(Schema):
    """一处问题。"""

    detail: str
    pointer: str = Field("", description="在请求正文中的位置（JSON Pointer）")
    parameter: str = Field("", description="有问题的地址参数")
    subject: int = Field(0, description="第几个对象，从 1 起")
    line: int = Field(0, description="请求正文的行号")
    field: str = ""
    value: str = Field("", description="读到的值")
    expected: str = Field("", description="应为怎样的值")


class ProblemDetails(Schema):
    """RFC 9457 问题说明。"""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemError] = []
    more_errors: int = Field(0, description="未列出的问题数")
