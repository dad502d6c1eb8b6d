"""Make the machine ready: virtual environment, pinned requirements, the command, scripts and styles. Stdlib only.

    python3 tools/setup.py [--dev]

Each step is stamped with a hash of what it was made from: a second call checks the stamps and is done. A step builds
aside and is put in place at its end, so one that is interrupted leaves nothing half made. The stamp of the environment
lies inside it: remove .venv and it is made again.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from children import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
WORK = ROOT / "var/setup"
NEEDED_MB = 1500
COMMAND = """#!{python}
import sys
from fenghuang.cli import main
sys.exit(main())
"""


class Stop(Exception):
    """A fault the reader can mend, in one line."""


def digest(paths: Iterable[Path], *words: str) -> str:
    """The hash of files and words."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def check_machine() -> None:
    """What no step can do without."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file must say so itself
        found = ".".join(map(str, sys.version_info[:3]))
        raise Stop(f"需要 Python 3.11 或更高版本，现为 {found} / Python 3.11 or newer is needed, this is {found}")
    try:
        WORK.mkdir(parents=True, exist_ok=True)
        probe = WORK / f".probe.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Stop(f"不能写入 {ROOT}：{error.strerror} / cannot write to {ROOT}: {error.strerror}") from None
    free = shutil.disk_usage(ROOT).free // 2**20
    if not PYTHON.exists() and free < NEEDED_MB:
        raise Stop(
            f"磁盘空间不足：需要 {NEEDED_MB} MB，剩余 {free} MB / disk full: {NEEDED_MB} MB needed, {free} MB free"
        )


def environment(dev: bool) -> bool:
    """.venv with everything pinned; True when it was made or changed."""
    name = "dev" if dev else "run"
    wanted = digest([ROOT / f"requirements/{name}.txt"], sys.version, str(ROOT), "1")
    stamps = {kind: VENV / f".stamp-{kind}" for kind in ("run", "dev")}
    if dev and PYTHON.exists() and _read(stamps["dev"]) == wanted:
        return False
    if not dev and PYTHON.exists():
        if _read(stamps["run"]) == wanted:
            return False
        both = digest([ROOT / "requirements/dev.txt"], sys.version, str(ROOT), "1")
        if _read(stamps["dev"]) == both:  # the larger set holds the smaller one
            return False
    if PYTHON.exists() and not _works(PYTHON):
        shutil.rmtree(VENV)
    # A virtual environment knows its own path, so it cannot be built aside and renamed: it counts only once stamped.
    for stamp in stamps.values():
        stamp.unlink(missing_ok=True)
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", VENV], "不能建立虚拟环境 / cannot make a virtual environment")
    say(f"安装依赖（{name}） / installing requirements")
    install = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--prefer-binary", "--no-compile"]
    command = [*install, "--no-deps", "--require-hashes", "-r", ROOT / f"requirements/{name}.txt"]
    run(command, "依赖未能安装，请检查与软件源的连接 / requirements not installed: is the package registry reachable?")
    packages = next((VENV / "lib").glob("python3.*")) / "site-packages"
    (packages / "fenghuang.pth").write_text(f"{ROOT / 'src'}\n")
    script = VENV / "bin/fenghuang"
    script.write_text(COMMAND.format(python=PYTHON))
    script.chmod(0o755)
    stamps[name].write_text(wanted)
    return True


def assets() -> bool:
    """node_modules and the bundles; True when something was built."""
    sys.path.insert(0, str(ROOT / "tools"))
    import assets as tool

    node = tool.node_folder(PYTHON)
    locked = digest([ROOT / name for name in tool.INPUTS])
    stamp = ROOT / "node_modules/.stamp"
    fresh = _read(stamp) != locked
    if fresh:
        say("获取前端组件 / fetching scripts and styles")
        guarded(
            lambda: tool.npm_ci(node),
            "前端组件未能获取，请检查与软件源的连接 / npm ci failed: is the registry reachable?",
        )
        stamp.write_text(locked)
    sources = sorted(path for path in (tool.UI / "assets").rglob("*") if path.is_file())
    built = digest([*sources, ROOT / "tools/assets.py"], locked)
    stamp = tool.DIST / ".stamp"
    if not fresh and _read(stamp) == built:
        return False
    guarded(lambda: tool.build(node), "页面资源未能生成 / building scripts and styles failed")
    stamp.write_text(built)
    return True


def parallel(*steps: Callable[[], object]) -> None:
    """Run steps at the same time; the first fault stops the start."""
    faults: list[BaseException] = []

    def guard(step: Callable[[], object]) -> None:
        try:
            step()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=guard, args=(step,), daemon=True) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two starts at once would build into each other: the second waits for the first."""
    with (WORK / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(command: list[object], fault: str) -> None:
    """Run a command; its output is shown only when it fails."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=die_with_parent())
    if done.returncode:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
        print(tail, file=sys.stderr)
        raise Stop(fault)


def guarded(step: Callable[[], None], fault: str) -> None:
    """A step of tools/assets.py, its fault in one line."""
    try:
        step()
    except (subprocess.CalledProcessError, OSError, StopIteration) as error:
        print(error, file=sys.stderr)
        raise Stop(fault) from None


def say(text: str) -> None:
    """A line of progress, with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {text}", flush=True)


def prepare(dev: bool = False) -> None:
    """All steps, one process at a time."""
    check_machine()
    try:
        with alone():
            environment(dev)
            assets()
    except OSError as error:
        raise Stop(f"未能完成安装：{error} / setup failed: {error}") from None


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _works(python: Path) -> bool:
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


STARTED = time.monotonic()

if __name__ == "__main__":
    try:
        prepare(dev="--dev" in sys.argv[1:])
    except Stop as stop:
        sys.exit(f"凤凰：{stop}")
    except KeyboardInterrupt:
        sys.exit("凤凰：已中断 / interrupted")
