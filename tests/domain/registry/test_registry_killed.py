"""An import killed at any moment: the delivery is whole or absent, and a second start finishes it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from deliveries import A, B, C, firms, workbook

# Runs `fenghuang import` and kills its own process before the n-th statement of the transaction that takes the rows;
# "stored" kills when the file is kept and nothing written, "end" lets it end by itself.
CHILD = """
import os, signal, sys
from fenghuang.cli import main
moment, path = sys.argv[1:]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")
import django
django.setup()
from django.db.backends import utils
from fenghuang.domain.registry import actions
def die():
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "stored":
    actions._write = lambda *args, **kwargs: die()
count = None
def counted(name):
    plain = getattr(utils.CursorWrapper, name)
    def run(self, sql, *rest):
        global count
        if count is None and "INSERT INTO" in sql and "registry_recording" in sql:
            count = 0
        if count is not None:
            count += 1
            if moment.isdigit() and count > int(moment):
                die()
        return plain(self, sql, *rest)
    setattr(utils.CursorWrapper, name, run)
counted("execute")
counted("executemany")
status = main(["import", path])
print("statements", count)
sys.exit(status)
"""
TABLES = ("feeds_delivery", "feeds_rawrow", "feeds_finding", "registry_firmyear", "registry_part", "registry_recording",
          "registry_firm", "audit_event")  # fmt: skip


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "FENGHUANG_HOME": str(home)}
    for name in ("DJANGO_SETTINGS_MODULE", "FENGHUANG_SQLITE", "DATABASE_URL"):
        env.pop(name, None)
    return subprocess.run([sys.executable, *arguments], env=env, check=False, capture_output=True, text=True)


def counts(home: Path) -> dict[str, int]:
    with closing(sqlite3.connect(next(home.glob("*.sqlite3")))) as database:  # else its log lies beside it
        assert database.execute("PRAGMA foreign_key_check").fetchone() is None
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}


def test_whole_or_absent_and_finished_by_a_second_start(tmp_path: Path) -> None:
    new = tmp_path / "新"
    new.mkdir()
    assert run(new, "-m", "fenghuang.cli", "manage", "migrate", "--verbosity", "0").returncode == 0
    sheets = ("directory", firms(A, B, C)), ("tax", [{"uscc": A, "tax": 1}, {"uscc": B[:-1], "tax": 2}])
    parcels = "parcels", [{"uscc": C, "reference": "宗1", "amount": 3}]
    path = str(workbook(tmp_path / "甲.xlsx", *sheets, parcels))
    absent = counts(new)

    def killed(moment: str) -> Path:
        home = shutil.copytree(new, tmp_path / moment)
        done = run(home, "-c", CHILD, moment, path)
        assert done.returncode == (0 if moment == "end" else -signal.SIGKILL), done.stderr
        if moment == "end":
            killed.statements = int(done.stdout.split()[-1])  # type: ignore[attr-defined]
        return home

    whole = counts(killed("end"))
    statements: int = killed.statements  # type: ignore[attr-defined]
    assert whole["feeds_delivery"] == 3
    assert statements > 10
    for moment in ("stored", "0", "1", str(statements // 3), str(2 * statements // 3), str(statements - 1)):
        home = killed(moment)
        assert counts(home) == absent, f"killed before statement {moment} of {statements}"
        again = run(home, "-m", "fenghuang.cli", "import", path)
        assert again.returncode == 0, again.stderr
        assert counts(home) == whole, f"a second start after {moment}"
    last = run(home, "-m", "fenghuang.cli", "import", path)
    assert "未再导入" in last.stdout
    assert counts(home) == whole
