"""Static files with hashed names, compressed; pages still render where nothing was collected (tests, first start)."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Static(CompressedManifestStaticFilesStorage):
    manifest_strict = False

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """gzip alone: brotli at its best level would take ten seconds of the first start to save 40 kB a page."""
        return Compressor(use_brotli=False, **kwargs)

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one where nothing was collected."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name
