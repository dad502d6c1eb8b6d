"""Every change here: an export is one (who read what), and the saved filters of a person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict

from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.audit.log import record
from fenghuang.platform.jobs.actions import enqueue
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.lists.columns import chosen, shown_columns
from fenghuang.platform.lists.models import Choice, SavedView
from fenghuang.platform.lists.registry import Listing, Shown, order, without_idle
from fenghuang.platform.lists.sheet import Made, write

DIRECT = 5000  # rows of a file that is made while the reader waits


def export(listing: Listing, shown: Shown, query: QueryDict, *, actor: User) -> Made:
    """The file of what is shown, and the event that it was taken: without the event no file is given out."""
    said = order(shown.table, query)
    columns = shown_columns(shown.table, chosen(actor, listing.name, query).columns, in_file=True)
    made = write(listing, shown, columns, said, actor)
    _taken(listing, shown, query, actor, {"rows": made.rows, "columns": columns})
    return made


@transaction.atomic
def request_export(listing: Listing, shown: Shown, query: QueryDict, *, actor: User) -> Job:
    """Have a large file made by the worker; the event is written now, by whom and from where it was asked."""
    columns = shown_columns(shown.table, chosen(actor, listing.name, query).columns, in_file=True)
    arguments = {"listing": listing.name, "user": actor.pk, "query": query.urlencode(), "columns": columns}
    job = enqueue("lists.export", f"导出{listing.title}", actor=actor, arguments=arguments, changes_nothing=True)
    _taken(listing, shown, query, actor, {"rows": len(shown.table.data), "columns": columns, "job": job.pk})
    return job


@transaction.atomic
def _taken(listing: Listing, shown: Shown, query: QueryDict, actor: User, more: dict[str, Any]) -> None:
    after = {"filter": shown.words, "query": without_idle(query).urlencode(), "fields": list(shown.reads), **more}
    record("lists.export", actor=actor, subject=("lists.listing", listing.name, listing.title), after=after)


@transaction.atomic
def remember(listing: Listing, columns: list[str], density: str, *, actor: User) -> Choice:
    """A person's columns (none: the list's own) and density. A liking, not an act: no event."""
    if density not in Choice.Density.values:
        density = Choice.Density.ROOMY
    values = {"columns": [name[:40] for name in columns[:60]], "density": density}
    kept, _ = Choice.objects.update_or_create(user=actor, listing=listing.name, defaults=values)
    return kept


def may_share(user: User) -> bool:
    """Auditors keep filters for themselves."""
    return user.is_active and user.role != Role.AUDITOR


@transaction.atomic
def save_view(listing: Listing, name: str, query: QueryDict, *, shared: bool, actor: User) -> SavedView:
    """Keep filter, order and columns under a name; the same name again replaces the own one."""
    if not listing.is_for(actor) or (shared and not may_share(actor)):
        raise PermissionDenied("this list, or sharing, is not for this person")
    kept = without_idle(query, "page", "csrfmiddlewaretoken").urlencode()
    values = {"query": kept, "shared": shared}
    view, _ = SavedView.objects.update_or_create(owner=actor, listing=listing.name, name=name, defaults=values)
    record("lists.save_view", actor=actor, subject=view, after={"listing": listing.name, "name": name, **values})
    return view


@transaction.atomic
def change_view(view: SavedView, name: str, *, shared: bool, actor: User) -> SavedView:
    """Another name, or shared with others or no longer: by its owner."""
    view = _own(view, actor)
    if shared and not may_share(actor):
        raise PermissionDenied("auditors share nothing")
    before = {"name": view.name, "shared": view.shared}
    view.name, view.shared = name, shared
    view.save(update_fields=["name", "shared"])
    record("lists.change_view", actor=actor, subject=view, before=before, after={"name": name, "shared": shared})
    return view


@transaction.atomic
def delete_view(view: SavedView, *, actor: User) -> None:
    """Forget it: by its owner."""
    view = _own(view, actor)
    before = {"listing": view.listing, "name": view.name, "query": view.query, "shared": view.shared}
    record("lists.delete_view", actor=actor, subject=view, before=before)
    view.delete()


def _own(view: SavedView, actor: User) -> SavedView:
    view = SavedView.objects.select_for_update().get(pk=view.pk)
    if view.owner_id != actor.pk:
        raise PermissionDenied("saved filters are changed by their owner")
    return view
