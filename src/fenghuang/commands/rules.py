"""`fenghuang rules`: what can be calculated."""

from __future__ import annotations

import argparse
import json
from typing import Any

from fenghuang.language import types
from fenghuang.law.pack import Pack, packs


def register(commands: Any) -> None:
    parser = commands.add_parser("rules", help="列出全部规则")
    parser.add_argument("--format", choices=["table", "json"], default="table")


def run(args: argparse.Namespace) -> int:
    found = [described(pack, name) for pack in packs().values() for name in pack.rules]
    if args.format == "json":
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for rule in found:
            print(f"{rule['clause']:8} {rule['name']:24} {rule['title']}（{rule['subject']}）")
    return 0


def described(pack: Pack, name: str) -> dict[str, Any]:
    """A rule as spec/cli.md prints it: name, clause, title, subject, inputs, conditions, outputs, readings."""
    rule, words, program = pack.rules[name], pack.words, pack.program(name)
    return {
        "name": name,
        "clause": rule.clause,
        "title": words.rule_title(name),
        "subject": words.subject(name),
        "policy": pack.id,
        "inputs": [_input(pack, name, field, kind) for field, kind in rule.inputs.items()],
        "conditions": list(program.conditions),
        "outputs": list(program.outputs),
        "readings": [
            {"name": r.name, "title": r.title, "default": r.default, "choices": dict(r.choices), "reason": r.reason}
            for r in pack.readings.get(name, ())
        ],
    }


def _input(pack: Pack, rule: str, name: str, kind: types.Type) -> dict[str, Any]:
    about: dict[str, Any] = {"name": name, "type": kind.name, "title": pack.words.title(rule, name)}
    if isinstance(kind, types.NumberType):
        about |= {"unit": kind.unit.text, "decimals": kind.decimals}
    if isinstance(kind, types.ChoiceType):
        about["labels"] = list(kind.labels)
    if hint := pack.words.hint(name):
        about["hint"] = hint
    if (example := pack.words.example(name)) is not None:
        about["example"] = example
    return about
