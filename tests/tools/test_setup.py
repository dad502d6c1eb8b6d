"""The bootstrap's promises that can be checked without a fresh machine."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_lock_files_name_no_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert not name or package["integrity"], name
    for name in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert not re.search(r"https?://|--index-url|--find-links", text)
        assert "--hash=sha256:" in text
    assert not re.search(r"https?://", (ROOT / ".npmrc").read_text())


def test_a_taken_port_is_said_in_one_line_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = {**os.environ, "PORT": str(taken.getsockname()[1]), "FENGHUANG_HOME": str(tmp_path / "home")}
        words = [sys.executable, ROOT / "tools/run.py"]
        done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "已被占用" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_family_stops_together(tmp_path: Path) -> None:
    program = (
        "import sys, os; sys.path.insert(0, sys.argv[1]); import children\n"
        "from pathlib import Path\n"
        "with children.Family() as family:\n"
        "    family.start('long', [sys.executable, '-c', 'import time; time.sleep(60)'], dict(os.environ), Path('.'))\n"
        "    family.start('short', [sys.executable, '-c', 'pass'], dict(os.environ), Path('.'))\n"
        "    members = [m.pid for m in family._members.values()]\n"
        "    code = family.wait()\n"
        "print(code, *members)\n"
    )
    words = [sys.executable, "-c", program, ROOT / "tools"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=30)
    code, *members = done.stdout.split()
    assert code == "1"
    assert not any(Path(f"/proc/{pid}").exists() for pid in members)
