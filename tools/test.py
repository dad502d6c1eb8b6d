"""`make test`: everything on SQLite (browser included), then what touches the database again on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import setup
from setup import PYTHON, ROOT

CHROMIUM = Path("/usr/bin/chromium")
WITH_DATABASE = ["platform", "domain", "faces", "config", "commands", "safety"]


def main() -> int:
    """0 when both runs pass."""
    in_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    try:
        setup.prepare(dev=True)
    except setup.Stop as stop:
        print(f"凤凰：{stop}", file=sys.stderr)
        return 1
    if not CHROMIUM.exists():
        print("没有 /usr/bin/chromium，跳过浏览器测试 / no Chromium: browser tests are skipped", flush=True)
        if in_ci:
            print("CI 中必须有 Chromium / Chromium is required in CI", file=sys.stderr)
            return 1
    folders = [f"tests/{name}" for name in WITH_DATABASE if (ROOT / "tests" / name).is_dir()]
    with tempfile.TemporaryDirectory(prefix="fenghuang-test-") as home:
        env = {k: v for k, v in os.environ.items() if not k.startswith("FENGHUANG_") and k != "DATABASE_URL"}
        env["FENGHUANG_HOME"] = home
        pytest = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadscope"]
        print("== SQLite", flush=True)
        first = subprocess.run(pytest, cwd=ROOT, env=env, check=False).returncode
        print("== PostgreSQL", flush=True)
        once = "--ignore=tests/faces/api"  # the API asks no database
        on_postgres = [PYTHON, ROOT / "tools/postgres.py", "--still", *pytest, "-m", "not browser", once, *folders]
        second = subprocess.run(on_postgres, cwd=ROOT, env=env, check=False).returncode
    return 1 if first or second else 0


if __name__ == "__main__":
    sys.exit(main())
