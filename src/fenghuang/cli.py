"""The command `fenghuang`: each subcommand is a module of `commands` with `register` and `run`.

Modules are imported as they are asked for: `fenghuang calc` starts without database, web framework or column engine.
"""

from __future__ import annotations

import argparse
import importlib
import sys

from fenghuang.commands.parser import Parser, speak_chinese

# name -> (module, what it does)
COMMANDS = {
    "calc": ("calc", "计算一个或多个对象"),
    "batch": ("batch", "按列批量计算"),
    "rules": ("rules", "列出全部规则"),
    "rule": ("rule", "查看一条规则"),
    "readings": ("readings", "列出各项口径，或按人群测算"),
    "clauses": ("clauses", "列出各条款的实现情况，或原文的每个数字"),
    "policy": ("policy", "检查或新建政策包"),
    "source": ("source", "载入政策原文，查看条款原文"),
    "evaluate": ("evaluate", "按评价方法评定亩均评价等级"),
    "demo": ("demo", "生成演示城市的部门文件"),
    "import": ("import_", "导入部门文件"),
    "refresh": ("refresh", "重新评价并测算补助"),
    "audit": ("audit", "核验审计日志"),
    "replay": ("replay", "重算已归档的评价，与存档逐位比较"),
    "lists": ("lists", "列出各清单的流程，或立即检查时限"),
    "whatif": ("whatif", "方案与现行政策比较"),
    "manage": ("manage", "系统维护（Django 管理命令）"),
}


def parser(asked: str | None) -> argparse.ArgumentParser:
    """The parser; only the asked command's module is imported."""
    speak_chinese()
    root = Parser(prog="fenghuang", description="凤凰：把产业政策文件变成可计算、可解释、可执行、可审计的决定")
    commands = root.add_subparsers(dest="command", metavar="命令", required=True)
    for name, (module, title) in COMMANDS.items():
        if name == asked:
            importlib.import_module(f"fenghuang.commands.{module}").register(commands)
        else:
            commands.add_parser(name, help=title)
    return root


def main(argv: list[str] | None = None) -> int:
    """Run a command; its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    asked = next((a for a in arguments if not a.startswith("-")), None)
    args = parser(asked).parse_args(arguments)
    if args.command not in COMMANDS:
        return 2
    run = importlib.import_module(f"fenghuang.commands.{COMMANDS[args.command][0]}").run
    try:
        return int(run(args) or 0)
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
