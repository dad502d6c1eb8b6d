"""The document's text where it is at hand: loaded by an operator, or shared material; never committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fenghuang.config.environment import home

SHARED = Path("/work/shared/source/taizhou-2021-27.txt")
LOADED = home() / "sources/taizhou-2021-27.txt"
SOURCE = LOADED if LOADED.exists() else SHARED
with_text = pytest.mark.skipif(not SOURCE.exists(), reason="the document's text is not at hand: fenghuang source load")
