"""What `make run` says when it cannot: each fault provoked with a small fake, each answer one line in two languages."""

from __future__ import annotations

import importlib
import sqlite3
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """tools/setup.py over a folder of its own."""
    monkeypatch.syspath_prepend(str(TOOLS))
    module = importlib.import_module("setup")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "WORK", tmp_path / "var/setup")
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv/bin/python")
    return module


def said(setup: Any, step: Any) -> str:
    with pytest.raises(setup.Stop) as stop:
        step()
    text = str(stop.value)
    assert "\n" not in text
    assert " / " in text
    return text


def test_an_old_python(setup, monkeypatch) -> None:
    version = namedtuple("version", "major minor micro")
    monkeypatch.setattr(setup.sys, "version_info", version(3, 9, 2))
    assert "需要 Python 3.11 或更高版本，现为 3.9.2" in said(setup, setup.check_machine)


def test_a_full_disk(setup, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 12 * 2**20))
    assert "磁盘空间不足：需要 1500 MB，剩余 12 MB" in said(setup, setup.check_machine)


def test_no_permission_to_write(setup, monkeypatch, tmp_path) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    assert f"不能写入 {tmp_path}：Permission denied" in said(setup, setup.check_machine)


def test_a_file_where_the_folder_should_be(setup, tmp_path) -> None:
    (tmp_path / "var").write_text("")
    assert "不能写入" in said(setup, setup.check_machine)


def test_no_registry(setup, tmp_path, capsys) -> None:
    """pip against an address where nobody listens."""
    fake = tmp_path / ".venv/bin/python"
    fake.parent.mkdir(parents=True)
    fake.write_text(
        '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "Connection refused: could not find a version" >&2\nexit 1\n'
    )
    fake.chmod(0o755)
    (tmp_path / "requirements").mkdir()
    for name in ("run", "dev"):
        (tmp_path / f"requirements/{name}.txt").write_text("nothing==1\n")
    assert "依赖未能安装，请检查与软件源的连接" in said(setup, lambda: setup.environment(dev=False))
    assert "Connection refused" in capsys.readouterr().err
    assert not list((tmp_path / ".venv").glob(".stamp-*"))  # nothing half made counts


def test_no_npm_registry(setup) -> None:
    def fail() -> None:
        raise subprocess.CalledProcessError(1, ["npm", "ci"])

    fault = "前端组件未能获取，请检查与软件源的连接 / npm ci failed"
    assert "前端组件未能获取" in said(setup, lambda: setup.guarded(fail, fault))


def test_the_disk_fills_during_the_work(setup, monkeypatch) -> None:
    def full(dev: bool) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(setup, "environment", full)
    assert "No space left on device" in said(setup, setup.prepare)


def test_a_home_that_sqlite_cannot_use(setup, monkeypatch, tmp_path, capsys) -> None:
    """A read-only folder cannot even be read by SQLite where its log of writes is missing."""
    run = importlib.import_module("run")
    monkeypatch.setattr(run, "DATABASE", tmp_path / "fenghuang.sqlite3")
    (tmp_path / "fenghuang.sqlite3").write_bytes(b"x")

    def refuse(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(run.sqlite3, "connect", refuse)
    assert "不能打开" in said(setup, run.is_empty)
    monkeypatch.setattr(run, "HOME", tmp_path)
    with monkeypatch.context() as read_only:
        read_only.setattr(run.os, "access", lambda path, mode: path != run.DATABASE)
        assert "fenghuang.sqlite3 不能写入" in said(setup, run.home)
    for name in ("check_machine", "alone"):
        monkeypatch.setattr(run.setup, name, refuse)
    monkeypatch.setenv("PORT", "48765")
    assert run.main() == 1
    told = capsys.readouterr().err
    assert told.startswith("凤凰：数据库")
    assert len(told.splitlines()) == 1


def test_a_port_that_is_none(monkeypatch) -> None:
    words = [sys.executable, TOOLS / "run.py"]
    env = {"PATH": "/usr/bin:/bin", "PORT": "abc"}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "凤凰：PORT=abc 不是端口号 / is no port number"
