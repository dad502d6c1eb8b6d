"""What a large delivery costs: XLSX of 100,000 rows imported into a new database by the command, seconds and memory.

    python bench/feeds.py [--rows 100000]      prints a table; the database lies in a temporary folder

Two files, as they come in one year: the directory (names every firm, nine columns) and the tax office's sheet (five).
One row in a hundred is faulty: a lost character of the code, a text in a number, a code that nobody knows. Each import
is a process of its own; its peak (VmHWM) includes Python. The time is the whole command's, from start to exit.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from fenghuang.domain.feeds.codes import ALPHABET, check_digit  # noqa: E402
from fenghuang.domain.feeds.templates import template  # noqa: E402

REGIONS = {"331002": "椒江区", "331003": "黄岩区", "331004": "路桥区", "331082": "临海市", "331081": "温岭市"}
AIM = (20.0, 1024.0)  # seconds, MiB


def code(number: int, region: str) -> str:
    """A valid 统一社会信用代码."""
    digits = ""
    for _ in range(9):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return f"91{region}{digits}" + check_digit(f"91{region}{digits}")


def write(folder: Path, rows: int) -> list[Path]:
    """The two files."""
    chance = random.Random(27)
    regions = list(REGIONS)
    firms = [(code(1000 + 37 * n, regions[n % 5]), f"台州第{n}号机械有限公司", regions[n % 5]) for n in range(rows)]
    directory = [
        [uscc, name, 2022, REGIONS[region], "某某街道", "3411", "是", chance.randrange(10**6), chance.randrange(10**5)]
        for uscc, name, region in firms
    ]
    tax = [[uscc, name, 2022, chance.randrange(10**8) / 100, chance.randrange(10**7) / 100] for uscc, name, _ in firms]
    for place in range(0, rows, 100):
        row = tax[place]
        match place // 100 % 3:
            case 0:
                row[0] = row[0][:7] + row[0][8:]
            case 1:
                row[3] = "约一百"
            case 2:
                row[0] = code(10**9 + place, "331002")
    return [_book(folder / f"{name}.xlsx", name, table) for name, table in (("directory", directory), ("tax", tax))]


def _book(path: Path, name: str, rows: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, [column.header for column in template(name).columns])
    for line, row in enumerate(rows, 1):
        page.write_row(line, 0, row)
    book.close()
    return path


def timed(home: str, *arguments: str) -> tuple[float, float]:
    """Seconds and MiB of a command."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FENGHUANG_HOME": home}
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "fenghuang.cli", *arguments], env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed")
    assert isinstance(usage, resource.struct_rusage)
    return seconds, usage.ru_maxrss / 1024


def main() -> int:
    """Print the table; 1 when a number misses the aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder) / "home")
        Path(home).mkdir()
        timed(home, "manage", "migrate", "--verbosity", "0")
        print("| file | rows | MB | seconds | peak MiB |\n|---|---|---|---|---|")
        for path in write(Path(folder), rows):
            seconds, peak = timed(home, "import", str(path))
            missed |= seconds > AIM[0] or peak > AIM[1]
            print(f"| {path.stem} | {rows:,} | {path.stat().st_size / 1e6:.1f} | {seconds:.1f} | {peak:.0f} |")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
