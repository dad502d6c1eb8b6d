"""`fenghuang manage ...`: Django's own management commands (migrate, createsuperuser, ...)."""

from __future__ import annotations

import argparse
from typing import Any


def register(commands: Any) -> None:
    parser = commands.add_parser("manage", help="系统维护（Django 管理命令）", add_help=False, prefix_chars="\0")
    parser.add_argument("rest", nargs="*")


def run(args: argparse.Namespace) -> int:
    from fenghuang.commands.web import django_ready

    django_ready(migrated=False)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["fenghuang manage", *args.rest])
    return 0
