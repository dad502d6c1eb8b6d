"""What a finding says: what was found, what is expected, what to do."""

from __future__ import annotations

from fenghuang.domain.feeds.templates import Template
from fenghuang.domain.feeds.values import Problem

CORRECT = "请更正后重新报送该行"
FILL = "请补填后重新报送该行"
LICENCE = "请核对营业执照，更正后重新报送该行"
TODO = {
    "duplicate_conflict": "同一{key}“{found}”在第 {more} 行各不相同，均未采用；请核实后只保留正确的一行再报送",
    "land_counted_twice": "宗地“{found}”登记在不同使用权人名下（第 {more} 行），均未采用；请核实后只留正确的一行再报送",
    "duplicate_same": "与第 {more} 行完全相同，只采用一次；无需处理",
    "unknown_firm": "代码“{found}”有效，但该企业{more}；名录补报后自动采用，若代码填错请更正后重新报送",
    "renamed_firm": "名称“{found}”与当年名录的“{expected}”不同（代码相同，数据已采用）{more}；请核对是否更名",
    "unknown_parcel": "不动产单元号“{found}”不在当年宗地表中，未采用；宗地补报后自动采用，若编号填错请更正后重新报送",
    "unknown_meter": "户号“{found}”不在当年用电量表中，未采用；电表补报后自动采用，若户号填错请更正后重新报送",
    "far_contradicts": "宗地“{found}”{more}，该行未采用；请核对合同后重新报送该行",
    "ends_before_start": "{header}“{found}”早于起始日期 {more}，该行未采用；" + CORRECT,
    "lease_exceeds_parcel": "宗地“{found}”{more}，该宗地的租赁均未采用；请核实面积和出租方后重新报送该宗地的全部租赁",
    "meter_shares_do_not_add": "户号“{found}”的分摊比例合计为 {more}，应为 100%，未采用；请更正后重报该户号的全部分摊",
    "meter_without_valid_shares": "户号“{found}”的分摊比例合计为 {more}，应为 100%，无法分到企业；更正分摊后自动采用",
    "unknown_unit": "{header}“{found}”不是台州的县级单位，应为：{expected}；" + CORRECT,
}
WRONG = {
    "text_in_number": "不是数字",
    "date_in_number": "是日期",
    "error_value": "是错误值",
    "too_large": "数字过大",
    "negative": "为负数",
    "above_maximum": "超出上限",
    "missing": "为空",
    "bad_year": "不是可用的年度",
    "bad_date": "不是日期",
    "not_yes_or_no": "看不出是与否",
    "not_a_choice": "不在选项内",
    "bad_industry": "不是行业代码",
    "too_long": "过长",
    "wrong_check_digit": "校验位不符",
    "letter_for_digit": "含有不使用的字符",
    "seventeen_characters": "少一位",
    "wrong_length": "位数不对",
    "fifteen_digits": "是 15 位旧注册号",
}


def sentence(template: Template, problem: Problem) -> str:
    """One sentence for the department."""
    header = template.column(problem.field).header if problem.field in template.fields else problem.field
    words = {"header": header, "found": problem.found, "expected": problem.expected, "more": problem.more}
    if problem.kind in TODO:
        words["key"] = "、".join(template.column(name).header for name in template.key)
        said = TODO[problem.kind].format(**words)
        if problem.kind == "unknown_firm" and problem.proposals:
            said += f"；名称相同或相近的企业：{problem.expected}，须经人工核对确认，未代为采用"
        return said[:600]
    found = f"“{problem.found}”" if problem.found else ""
    maybe = f"可能是 {'、'.join(problem.proposals)}（未代为采用）；" if problem.proposals else ""
    expected = f"应为：{problem.expected}" if problem.kind != "missing" else problem.expected
    return f"{header}{found}{WRONG[problem.kind]}，{expected}；{maybe}{_todo(problem.kind)}"[:600]


def _todo(kind: str) -> str:
    """What the department is asked to do."""
    return FILL if kind == "missing" else LICENCE if kind in OF_CODES else CORRECT


OF_CODES = ("wrong_check_digit", "letter_for_digit", "seventeen_characters", "wrong_length", "fifteen_digits")

KINDS = {  # short names for lists
    "text_in_number": "数字栏有文字",
    "date_in_number": "数字栏有日期",
    "error_value": "公式错误值",
    "too_large": "数字过大",
    "negative": "负数",
    "above_maximum": "超出上限",
    "missing": "必填为空",
    "bad_year": "年度不可用",
    "bad_date": "日期不可用",
    "far_contradicts": "容积率约定矛盾",
    "ends_before_start": "止期早于起期",
    "not_yes_or_no": "是否无法判断",
    "not_a_choice": "不在选项内",
    "bad_industry": "行业代码有误",
    "too_long": "文字过长",
    "wrong_check_digit": "代码校验位不符",
    "letter_for_digit": "代码含错误字符",
    "seventeen_characters": "代码少一位",
    "wrong_length": "代码位数不对",
    "fifteen_digits": "15 位旧注册号",
    "duplicate_conflict": "重复且不一致",
    "duplicate_same": "完全重复",
    "land_counted_twice": "宗地重复登记",
    "unknown_firm": "名录中没有的企业",
    "unknown_parcel": "没有的宗地",
    "unknown_meter": "没有的电表",
    "unknown_unit": "县（市、区）有误",
    "renamed_firm": "企业名称不同",
    "lease_exceeds_parcel": "租赁超出宗地",
    "meter_shares_do_not_add": "分摊不足或超出 100%",
    "meter_without_valid_shares": "电表分摊有误",
}
