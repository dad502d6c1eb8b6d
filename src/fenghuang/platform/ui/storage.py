"""Static files with hashed names, compressed; pages still render where nothing was collected (tests, first start)."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Static(CompressedManifestStaticFilesStorage):
    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one where nothing was collected."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name
