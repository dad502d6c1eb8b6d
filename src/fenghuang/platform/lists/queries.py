"""What a person may see of saved filters."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from fenghuang.platform.accounts.models import User
from fenghuang.platform.lists.models import SavedView
from fenghuang.platform.lists.registry import find, names


def views_for(user: User, listing: str = "") -> QuerySet[SavedView]:
    """The own ones, and the shared ones of lists that the person may see."""
    open_lists = [name for name in names() if (one := find(name)) and one.is_for(user)]
    found = SavedView.objects.filter(Q(owner=user) | Q(shared=True), listing__in=open_lists).select_related("owner")
    return found.filter(listing=listing) if listing else found
