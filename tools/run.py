"""`make run`: from a fresh clone to a page. Sets up, fills an empty database with the demonstration city, starts.

PORT and HOST choose where it listens (127.0.0.1:8000). FENGHUANG_HOME, DATABASE_URL: see config/settings.py. Everything
slow happens once; what is interrupted is begun again, never found half made. Ctrl-C or SIGTERM stops web and worker.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import children
import setup
from setup import PYTHON, ROOT, Stop, digest, say

HOME = Path(os.environ.get("FENGHUANG_HOME") or ROOT / "var").resolve()
DATABASE = HOME / "fenghuang.sqlite3"
BUILDING = HOME / "building.sqlite3"
MARK = HOME / "demo.json"  # the database holds the demonstration; its accounts
HOST = os.environ.get("HOST", "127.0.0.1")
FIRMS = os.environ.get("FENGHUANG_DEMO_FIRMS", "20000")
ACCOUNTS = (
    "import django, json; django.setup();"
    "from fenghuang.platform.accounts.actions import create_demo_accounts;"
    "from fenghuang.domain.registry.models import Firm;"
    "firm = Firm.objects.filter(unit='331003').exclude(township='').order_by('uscc').first();"
    "about = {'township': firm.township, 'uscc': firm.uscc} if firm else {};"
    "print(json.dumps(create_demo_accounts(**about), ensure_ascii=False))"
)
CAMPAIGNS = (
    "import django; django.setup();"
    "from fenghuang.demo.campaigns import build;"
    "from fenghuang.platform.accounts.models import User;"
    "from fenghuang.demo import casework, ledgers;"
    "city = User.objects.filter(username='city').first();"
    "casework.build(city); build(city);"
    "from fenghuang.domain.incentives.actions import refresh; refresh();"
    "casework.build_graded(); ledgers.build()"
)
IS_EMPTY = (
    "import django; django.setup();"
    "from fenghuang.platform.accounts.models import User; print(int(not User.objects.exists()))"
)


def port() -> int:
    """The port to listen on, known to be free."""
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT={text} 不是端口号 / is no port number")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError:
            line = (
                f"端口 {text} 已被占用，可用 PORT=8001 make run 换一个 / port {text} is taken, try PORT=8001 make run"
            )
            raise Stop(line) from None
    return int(text)


def environment(**more: str) -> dict[str, str]:
    """What our processes are started with."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fenghuang.config.settings",
        "FENGHUANG_HOME": str(HOME),
        "PYTHONUNBUFFERED": "1",
        **({"FENGHUANG_DEMO": "1"} if MARK.exists() and "FENGHUANG_DEMO" not in os.environ else {}),
        **more,
    }


def command(*words: str, fault: str, env: dict[str, str]) -> str:
    """Run a Python command of ours; its output."""
    done = subprocess.run(
        [PYTHON, *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=children.die_with_parent(),
    )
    if done.returncode:
        print("\n".join((done.stdout + done.stderr).strip().splitlines()[-20:]), file=sys.stderr)
        raise Stop(fault)
    return done.stdout


def home() -> None:
    """The folder for everything that is kept, and the database if there is one: both are written to."""
    HOME.mkdir(parents=True, exist_ok=True)
    for path in (HOME, DATABASE):
        if path.exists() and not os.access(path, os.W_OK):
            raise Stop(f"{path} 不能写入，请检查权限，或用 FENGHUANG_HOME 另选位置 / cannot be written")


def is_empty() -> bool:
    """Whether the embedded database holds nothing that anybody entered."""
    if not DATABASE.exists() or DATABASE.stat().st_size == 0:
        return True
    try:
        connection = sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise Stop(f"数据库 {DATABASE} 不能打开：{error} / the database cannot be opened") from None
    try:
        for table in ("accounts_user", "audit_event", "feeds_delivery"):
            exists = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone()
            if exists and connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                return False
    except sqlite3.DatabaseError as error:
        raise Stop(f"数据库 {DATABASE} 不能读取：{error} / the database cannot be read") from None
    finally:
        connection.close()
    return True


def migrations() -> str:
    """The hash of all migrations: the database follows when it changes."""
    return digest([*sorted((ROOT / "src").rglob("migrations/*.py")), ROOT / "requirements/run.txt"])


def fill(env: dict[str, str]) -> None:
    """Migrate and fill the database `env` points to with the demonstration city."""
    city = HOME / "demo"
    fenghuang = ("-m", "fenghuang.cli")

    def make_city() -> None:
        if (city / ".complete").exists():
            return
        aside = HOME / "demo.new"
        shutil.rmtree(aside, ignore_errors=True)
        words = ("demo", "--firms", FIRMS, "--seed", "7", "--out", str(aside))
        command(*fenghuang, *words, fault="演示数据未能生成 / the demonstration was not made", env=env)
        (aside / ".complete").touch()
        shutil.rmtree(city, ignore_errors=True)
        aside.rename(city)
        say(f"演示城市已生成：{FIRMS} 家企业 / demonstration city made")

    def migrate() -> None:
        command("-m", "django", "migrate", "-v0", fault="数据库未能建立 / the database was not made", env=env)

    setup.parallel(make_city, migrate)
    command(*fenghuang, "import", "--demo", str(city), fault="演示数据未能导入 / import failed", env=env)
    say("部门文件已导入 / files imported")
    accounts = command("-c", ACCOUNTS, fault="演示账号未能建立 / accounts were not made", env=env)
    command("-c", CAMPAIGNS, fault="评价测算未能完成 / campaigns or refresh failed", env=env)
    say("评价工作已办到各个环节，已评价并测算 / campaigns carried along, evaluated")
    aside = MARK.with_suffix(".new")
    aside.write_text(accounts.strip().splitlines()[-1])
    aside.replace(MARK)


def database() -> None:
    """A database at the newest migration; an empty one gets the demonstration."""
    stamp = HOME / ".stamp-migrations"
    wanted = digest([], migrations(), os.environ.get("DATABASE_URL", ""))
    external = bool(os.environ.get("DATABASE_URL"))
    if not external and is_empty():
        say("首次启动：生成演示城市并导入 / first start: making and importing the demonstration city")
        for left in HOME.glob(f"{BUILDING.name}*"):
            left.unlink()
        fill(environment(FENGHUANG_SQLITE=str(BUILDING), FENGHUANG_DEMO="1"))
        connection = sqlite3.connect(BUILDING)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        for left in HOME.glob(f"{DATABASE.name}-*"):
            left.unlink()
        BUILDING.replace(DATABASE)
        stamp.write_text(wanted)
        return
    if stamp.exists() and stamp.read_text() == wanted:
        return
    env = environment()
    command("-m", "django", "migrate", "-v0", fault="数据库未能升级 / the migration failed", env=env)
    if (
        external
        and command("-c", IS_EMPTY, fault="数据库不能读取 / the database cannot be read", env=env).strip() == "1"
    ):
        fill(environment(FENGHUANG_DEMO="1"))
    stamp.write_text(wanted)


def statics() -> None:
    """Scripts and styles, collected under hashed names."""
    setup.assets()
    sources = sorted(path for path in (ROOT / "src").rglob("static/**/*") if path.is_file())
    wanted = digest([*sources, ROOT / "requirements/run.txt"])
    stamp = HOME / "static/.stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    words = ("-m", "django", "collectstatic", "--noinput", "--clear", "-v0")
    command(*words, fault="页面资源未能就位 / collectstatic failed", env=environment())
    stamp.write_text(wanted)
    say("页面资源已就位 / scripts and styles ready")


def serve(number: int) -> int:
    """Start web and worker, wait, stop both; the exit code."""
    env = environment()
    gunicorn = [PYTHON, "-m", "gunicorn", "fenghuang.config.wsgi:application", "--bind", f"{HOST}:{number}"]
    options = [
        "--workers",
        "2",
        "--threads",
        "4",
        "--timeout",
        "120",
        "--graceful-timeout",
        "5",
        "--log-level",
        "warning",
    ]
    with children.Family() as family:
        family.start("web", [*gunicorn, *options], env, ROOT)
        family.start("worker", [PYTHON, "-m", "fenghuang.platform.jobs.worker"], env, ROOT)
        threading.Thread(target=announce, args=(number,), daemon=True).start()
        return family.wait()


def announce(number: int) -> None:
    """Say where the page is, once it answers."""
    address = f"http://{HOST}:{number}/"
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=2):
                break
        except OSError:
            time.sleep(0.1)
    say("已就绪 / ready")
    lines = ["", f"  凤凰  {address}", ""]
    if MARK.exists():
        lines += ["  演示账号（用户名 / 密码 / 角色）："]
        lines += [f"    {name}  {password}  {role}" for name, password, role in json.loads(MARK.read_text())]
    print("\n".join([*lines, "", "  按 Ctrl-C 停止 / Ctrl-C stops", ""]), flush=True)


def main() -> int:
    """The exit code of the whole."""
    try:
        number = port()
        setup.check_machine()
        home()
        with setup.alone():
            setup.environment(dev=False)
            setup.parallel(statics, database)
        return serve(number)
    except Stop as stop:
        print(f"凤凰：{stop}", file=sys.stderr)
    except sqlite3.Error as error:
        fault = f"数据库 {DATABASE} 不能使用（{error}），请检查文件夹和文件的权限"
        print(f"凤凰：{fault} / the database cannot be used", file=sys.stderr)
    except OSError as error:
        print(f"凤凰：{error} / {error.strerror or 'input or output failed'}", file=sys.stderr)
    except KeyboardInterrupt:
        print("凤凰：已中断 / interrupted", file=sys.stderr)
    return 1


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main())
