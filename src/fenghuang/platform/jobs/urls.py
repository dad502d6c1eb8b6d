"""Addresses of jobs."""

from __future__ import annotations

urlpatterns: list = []
