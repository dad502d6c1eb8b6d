"""`fenghuang lists`: every register in words; `fenghuang lists run`: the alarms of the night, by hand."""

from __future__ import annotations

import argparse
from typing import Any

from fenghuang.law.registers.declaration import Register


def register(commands: Any) -> None:
    parser = commands.add_parser("lists", help="列出各清单的流程，或立即检查时限")
    parser.add_argument("what", metavar="清单", nargs="?", default="", help="清单的名称；run：立即检查时限并提醒、上报")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: said or run. 2: no such register."""
    if args.what == "run":
        return _alarms()
    from fenghuang.law.registers import registers

    every = registers()
    if args.what and args.what not in every:
        import sys

        print(f"没有清单“{args.what}”；可选：{'、'.join(every)}", file=sys.stderr)
        return 2
    for one in every.values():
        if args.what in ("", one.name):
            print("\n".join(lines(one)), end="\n\n")
    return 0


def lines(one: Register) -> list[str]:
    """The declaration as an official reads it."""
    from fenghuang.language.words import clause_title
    from fenghuang.law.document import documents
    from fenghuang.law.registers.declaration import ENDS, SUBJECTS, who_in_words

    agencies = documents()[one.pack].agencies

    def who(by: tuple[str, ...]) -> str:
        return "或".join(who_in_words(it, agencies) for it in by)

    said = [f"{one.title}（{one.name}）  {clause_title(one.clause)}  对象：{SUBJECTS[one.subject]}"]
    ways = ["按数据筛查"] * bool(one.entry.found_by) + [f"{who(one.entry.by_hand)}手工列入"] * bool(one.entry.by_hand)
    said.append(f"  列入：{'；'.join(ways)}")
    for state in one.states.values():
        if state.end:
            said.append(f"  【{state.title}】{ENDS[state.end]}{'，按事实核验' if state.shown_by else ''}")
            continue
        said.append(f"  【{state.title}】{who((state.held_by,))}，期限：{_limit(one, state)}")
        if state.joint:
            asked = "、".join(agencies[agency] for agency in state.joint.agencies)
            said.append(f"      征求：{state.joint.question}（{asked}）")
        for step in one.out_of(state.name):
            said.append(f"      → {step.title}：{who(step.by)}，到“{one.states[step.after].title}”")
    return said


def _limit(one: Register, state: Any) -> str:
    limit = state.limit
    if limit is None:
        return "不设"
    if limit.is_set:
        return "由市级设定"
    if limit.field:
        return f"到“{one.fields[limit.field].title}”"
    return f"“{one.fields[limit.since].title}”起按文件规定的月数"


def _alarms() -> int:
    from fenghuang.commands.web import django_ready

    django_ready()
    from fenghuang.domain.casework import alarms

    raised = alarms.run()
    print(f"提醒 {raised.warned:,} 件，逾期 {raised.overdue:,} 件，上报 {raised.escalated:,} 件")
    return 0
