"""Static files with hashed names, compressed; pages still render where nothing was collected (tests, first start)."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Static(CompressedManifestStaticFilesStorage):
    manifest_strict = False
