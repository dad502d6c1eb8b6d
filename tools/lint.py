"""`make lint`: every check is run, each fault is shown, the exit code tells whether there was one."""

from __future__ import annotations

import os
import subprocess
import sys

import setup

BIN = setup.VENV / "bin"
CHECKS = [
    [BIN / "ruff", "check", "."],
    [BIN / "ruff", "format", "--check", "-q", "."],
    [BIN / "mypy"],
    [BIN / "lint-imports"],
    [BIN / "python", "-m", "django", "makemigrations", "--check", "--dry-run"],
]


def main() -> int:
    """The number of failed checks, 0 when all hold."""
    try:
        setup.prepare(dev=True)
    except setup.Stop as stop:
        print(f"凤凰：{stop}", file=sys.stderr)
        return 1
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "fenghuang.config.settings"}
    failed = []
    for check in CHECKS:
        name = " ".join([check[0].name, *map(str, check[1:])])
        print(f"== {name}", flush=True)
        if subprocess.run(check, cwd=setup.ROOT, env=env, check=False).returncode:
            failed.append(name)
    for name in failed:
        print(f"未通过 / failed: {name}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
