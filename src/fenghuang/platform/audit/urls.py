"""Addresses of the event log."""

from __future__ import annotations

urlpatterns: list = []
