"""A fault as a person reads it. What Python itself says of a rule (a name there is not) stays as Python says it."""

from __future__ import annotations

import re

from fenghuang.law.faults import Fault

_SAYINGS = [
    (r"no such file", "没有这个文件"),
    (r"expected text in UTF-8", "应为 UTF-8 编码的文本"),
    (r"(.+) stands twice", r"\1 写了两次"),
    (r"while .*", r"不是合法的 YAML：\g<0>"),
    (r"not Python: (.*)", r"不是合法的 Python：\1"),
    (r"not a Python file", "不是 Python 文件"),
    (r"missing", "没有写"),
    (r"unknown key; known: (.*)", r"不认识的键，应为 \1 之一"),
    (r"unknown key ('.*?')", r"不认识的键\1"),
    (r"no place in the source \(`at`\)", "没有写出处（at）"),
    (r"unknown unit ('.*?') in '.*?'; known: (.*)", r"不认识单位 \1，应为 \2 或由 / 相连"),
    (r"no [`'](\w+)[`']", r"没有写 \1"),
    (r"(.*) is not a decimal number", r"读到 \1，应为十进制数"),
    (r"rows of different length: (.*)", r"各行长度不同：\1"),
    (r"default (.*) is not among the choices", r"默认读法 \1 不在 choices 中"),
    (r"a row without source", "数据行没有来源（source）"),
    (r"expected the columns (.*)", r"应有的列为 \1"),
    (r"expected (.*), found (.*)", r"读到 \2，应为 \1"),
    (r"ends \((.*)\) before it begins \((.*)\)", r"末日 \1 早于首日 \2"),
    (r"valid (.*), expected within (.*)", r"有效期为 \1，应在文件有效期 \2 之内"),
    (r"two rows for (.*) hold on (.*)", r"\1 有两行数据在 \2 都有效"),
    (r"no rule: expected a function with .*", "没有规则：应在 art_01.py 这样的文件中有带 @rule(...) 的函数"),
    (r"no rule ('.*')", r"没有规则 \1"),
    (
        r"stands under (.*), expected (.*): the clause of @rule in (.*)",
        r"写在 \1 之下，应在 \2（\3 中 @rule 所写条款）之下",
    ),
    (r"(\S+) is the id of (.*)", r"\1 已是 \2 的 id"),
    (r"a second rule named (\w+); the first is in line (\d+)", r"又有一条规则名为 \1，前一条在第 \2 行"),
    (r"a second rule named (\w+); the first is in (.*)", r"又有一条规则名为 \1，前一条在 \2"),
    (r"imports (.*): expected fenghuang\.language only", r"引入了 \1；规则只能引入 fenghuang.language"),
    (r"calls the rule (\w+): .*", r"调用了规则 \1；一条规则是一个函数，不能调用另一条规则"),
    (r"no word for (?:the label )?('.*?')(?: of \w+)?: expected (.*)", r"\1 没有中文名，应在 \2"),
    (r"no (title|subject): expected (.*)", r"没有写 \1，应为 \2"),
    (r"(.*) stands in a formula: only 0 and 1 may.*", r"公式中写了 \1：只能写 0 和 1，其余的数写进 parameters.yaml"),
    (r"parameters that the rule never reads: (.*)", r"规则没有用到的参数：\1"),
    (r"\w+: no parameter ('.*') in parameters\.yaml", r"parameters.yaml 中没有参数 \1"),
    (r"\w+: no reading ('.*') in readings\.yaml", r"readings.yaml 中没有口径 \1"),
    (r"input (\w+) has no type of the contract", r"输入 \1 没有写类型（Money、Mu、Bool……）"),
    (r"(.*) and (.*) do not go together", r"\1 与 \2 的单位不能相加或比较"),
    (r"(.*) on a value is refused; (.*)", r"不能对值用 \1（\2）"),
    (r"(\S+) is the name of a condition and of an output", r"\1 既是条件又是结果的名称"),
    (r"two (?:conditions|steps) are named (\w+).*", r"有两处都名为 \1"),
    (r"the contract asks for this rule, and no file has it", "约定中有这条规则，但没有文件写它"),
    (r"the contract \((.*)\) has no such rule", r"约定（\1）中没有这条规则"),
    (r"found (.*), expected (.*)", r"规则中为 \1，约定为 \2"),
    (r"cannot be read: (.*)", r"读不了：\1"),
]  # fmt: skip
_COMPILED = [(re.compile(pattern, re.S), said) for pattern, said in _SAYINGS]


def sentence(fault: Fault) -> str:
    """The fault in one Chinese line, with the path of the entry before it where the fault has one."""
    text = " ".join(fault.text.split())
    for start in [*reversed([m.end() for m in re.finditer(": |：", text)]), 0]:  # the shortest that says it all
        for pattern, said in _COMPILED:
            if found := pattern.fullmatch(text, start):
                return text[:start].replace(": ", "：") + found.expand(said)
    return text
