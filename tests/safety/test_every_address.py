"""Every address x every role x GET and POST, with the answer expected. A new page needs an entry here."""

from __future__ import annotations

import pytest
from addresses import ROLES, fill, people, places, routes
from django.db import transaction
from django.test import Client

pytestmark = pytest.mark.django_db

# One answer a role, in the order of ROLES: anonymous city county stranger auditor operator clerk township company.
# in: to the login; on: a redirect elsewhere; a number: the status. A firm's account opens no page of staff: 403.
LET_IN = "in 200 200 200 200 200 200 200 403"
SENT_ON = "in on on on on on on on 403"
CLOSED = "in 405 405 405 405 405 405 405 403"
ABSENT = "in 404 404 404 404 404 404 404 404"
OWN, OWN_ON, OWN_CLOSED = "in" + 8 * " 200", "in" + 8 * " on", "in" + 8 * " 405"  # pages of one's own account
OWN_UNIT = "in 200 200 404 200 200 200 200 403"  # of 黄岩区: its officials, and those who see all units
OWN_JOB = "in 200 200 404 200 200 404 404 403"
ALL_UNITS = "in 200 404 404 200 200 404 404 403"  # uploads hold the whole city's rows; clerks see their department's
DECIDE = "in on 404 404 403 on 404 404 403"  # back to the upload
MEND = "in on on 404 403 403 on 403 403"  # back to the row: the city, its unit's official, the tax office
CASE = "in 200 200 404 200 200 200 200 403"  # tax has a part in the register; the township is the firm's own
TRIED = "in 422 422 404 422 422 422 422 403"  # back to the case, which says why not
CASE_FILE = "in 200 200 404 200 403 200 200 403"  # who runs the machines reads no files
SCREEN = "in 200 200 200 403 403 403 403 403"
SEEN = "in 200 200 404 200 200 200 200 403"  # a campaign; of it a township sees the own firms
CARRY = "in on on 404 403 403 403 403 403"
PROOF = "in 200 200 404 200 403 403 403 403"  # may tell taxes
CHECKED = "in on on 404 403 403 403 on 403"  # the township, or the county in its place
OWN_FIRM = "in" + 7 * " 403" + " 200"  # the company of these tests is of no known firm: every page says so
WHATIF = "in 200 403 403 200 200 403 403 403"
LEDGER = "in 200 200 200 200 200 200 403 403"  # each sees the own county's; the tax office is named by art.15
KEPT = "in 200 200 404 200 200 200 403 403"  # of 黄岩区
ENTERS = "in 200 200 200 403 403 403 403 403"  # energy: city, counties, 发展改革委
OPERATOR, OPERATED = "in 403 403 403 403 200 403 403 403", "in 403 403 403 403 on 403 403 403"
TO_LOGIN = "in" + 8 * " in"
TOKEN = 8 * "401 " + "401"
OPEN, OPEN_CLOSED = 8 * "200 " + "200", 8 * "405 " + "405"

TABLE: dict[str, tuple[str, str]] = {  # address: (GET, POST)
    # accounts: ours, then allauth's; what works by e-mail is closed, nobody has one here
    "accounts/signup/": (TO_LOGIN, TO_LOGIN),
    "accounts/password/reset/": (TO_LOGIN, TO_LOGIN),
    "accounts/password/reset/done/": (TO_LOGIN, TO_LOGIN),
    "accounts/password/reset/key/done/": (TO_LOGIN, TO_LOGIN),
    "accounts/password/reset/key/<path:key>/": (TO_LOGIN, TO_LOGIN),
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (TO_LOGIN, TO_LOGIN),
    "accounts/confirm-email/": (TO_LOGIN, TO_LOGIN),
    "accounts/confirm-email/<path:key>/": (TO_LOGIN, TO_LOGIN),
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": (TO_LOGIN, TO_LOGIN),
    "accounts/email/": (OWN_ON, OWN_ON),
    "accounts/login/": ("200" + 8 * " on", "200" + 8 * " on"),
    "accounts/login/code/confirm/": (OWN_ON, OWN_ON),
    "accounts/logout/": (OWN, TO_LOGIN),
    "accounts/inactive/": (OPEN, OPEN_CLOSED),
    "accounts/reauthenticate/": (OWN, OWN),
    "accounts/password/change/": (OWN, OWN),
    "accounts/password/set/": (OWN_ON, OWN_ON),
    "accounts/sessions/": (OWN, OWN_ON),
    "accounts/tokens/": (OWN, "in 422 403 403 403 422 422 403 403"),  # no purpose named, or no right to deliver
    "accounts/tokens/<int:pk>/revoke": (OWN_CLOSED, "in 404 on" + 6 * " 404"),  # the county official's
    "accounts/users/<int:pk>/tokens": (CLOSED, OPERATED),
    "accounts/2fa/": (OWN, OWN_CLOSED),
    "accounts/2fa/authenticate/": (OWN_ON, OWN_ON),
    "accounts/2fa/reauthenticate/": (OWN_ON, OWN_ON),
    "accounts/2fa/totp/activate/": (OWN_ON, OWN_ON),  # asks for the password again first
    "accounts/2fa/totp/deactivate/": (ABSENT, ABSENT),
    "accounts/2fa/recovery-codes/": (ABSENT, OWN_CLOSED),
    "accounts/2fa/recovery-codes/generate/": (OWN_ON, OWN_ON),
    "accounts/2fa/recovery-codes/download/": (ABSENT, ABSENT),
    # accounts of others: the operator's, and never the own one
    "accounts/users/": (OPERATOR, CLOSED),
    "accounts/users/new": (OPERATOR, OPERATOR),
    "accounts/users/many": (OPERATOR, OPERATOR),
    "accounts/users/view-as/end": (CLOSED, OPERATED),
    "accounts/users/<int:pk>/view-as": (CLOSED, OPERATED),
    "accounts/users/<int:pk>/invite": (CLOSED, OPERATOR),
    "accounts/invitations/<str:token>/": (OPEN, OPEN),
    "accounts/users/<int:pk>/": (OPERATOR, CLOSED),
    "accounts/users/<int:pk>/role": (CLOSED, OPERATOR),  # an empty form is said to be empty
    "accounts/users/<int:pk>/active": (CLOSED, OPERATED),
    "accounts/users/<int:pk>/password": (CLOSED, OPERATOR),
    "accounts/users/<int:pk>/unlock": (CLOSED, OPERATED),
    "accounts/users/<int:pk>/second-factor": (CLOSED, OPERATED),
    "accounts/users/<int:pk>/sessions": (CLOSED, OPERATED),
    # platform
    "audit/": ("in 200 403 403 200 200 403 403 403", CLOSED),
    "jobs/": (LET_IN, CLOSED),
    "jobs/<int:pk>/": (OWN_JOB, CLOSED),
    "jobs/<int:pk>/cancel": (CLOSED, "in 403 on 404 403 on 404 404 403"),
    "jobs/<int:pk>/file": (OWN_JOB, CLOSED),
    "notices/": (OWN, OWN_CLOSED),
    "notices/read": (OWN_CLOSED, OWN_ON),
    "notices/<int:pk>/follow": (OWN_CLOSED, "in 404 on 404 404 404 404 404 404"),  # the county official's
    "healthz": (OPEN, OPEN_CLOSED),
    "taizhou.geojson": (LET_IN, CLOSED),
    "style/": (LET_IN, CLOSED),
    "lists/": (LET_IN, CLOSED),
    "lists/<slug:name>/export": (LET_IN, LET_IN),
    "lists/<slug:name>/columns": (CLOSED, SENT_ON),
    "lists/<slug:name>/save": (CLOSED, SENT_ON),
    "lists/views/<int:pk>/": ("in 404 on 404 404 404 404 404 403", CLOSED),  # a private one of the county official's
    "lists/views/<int:pk>/change": (CLOSED, "in 404 on 404 404 404 404 404 403"),
    "lists/views/<int:pk>/delete": (CLOSED, "in 404 on 404 404 404 404 404 403"),
    # open to all: calculators, documents and API
    "rules/": (OPEN, OPEN_CLOSED),
    "rules/<str:rule>/": (OPEN, OPEN_CLOSED),
    "policies/": (OPEN, OPEN_CLOSED),
    "policies/search": (OPEN, OPEN_CLOSED),
    "policies/<str:pack>/": (OPEN, OPEN_CLOSED),
    "policies/<str:pack>/coverage": (OPEN, OPEN_CLOSED),
    "policies/<str:pack>/<str:clause>": (OPEN, OPEN_CLOSED),
    "api/v1/deliveries/openapi.json": (OPEN, OPEN_CLOSED),
    "api/v1/deliveries": (OPEN_CLOSED, TOKEN),  # a session counts for nothing here
    "api/v1/deliveries/<int:pk>": (TOKEN, OPEN_CLOSED),
    "api/v1/deliveries/<int:pk>/accept": (OPEN_CLOSED, TOKEN),
    "api/v1/deliveries/<int:pk>/withdraw": (OPEN_CLOSED, TOKEN),
    "api/v1/openapi.json": (OPEN, OPEN_CLOSED),
    "api/v1/docs": (OPEN, OPEN_CLOSED),
    "api/v1/rules": (OPEN, OPEN_CLOSED),
    "api/v1/rules/<rule>": (OPEN, OPEN_CLOSED),
    "api/v1/rules/<rule>/calculate": (OPEN_CLOSED, 8 * "415 " + "415"),  # a question that is not JSON
    "api/v1/rules/<rule>/explain": (OPEN_CLOSED, 8 * "415 " + "415"),
    "api/v1/policies": (OPEN, OPEN_CLOSED),
    "api/v1/policies/<policy>": (OPEN, OPEN_CLOSED),
    "api/v1/policies/<policy>/clauses": (OPEN, OPEN_CLOSED),
    "api/v1/policies/<policy>/clauses/<clause>": (OPEN, OPEN_CLOSED),
    "api/v1/policies/<policy>/parameters": (OPEN, OPEN_CLOSED),
    "api/v1/policies/<policy>/readings": (OPEN, OPEN_CLOSED),
    "api/v1/whatif": (OPEN_CLOSED, 8 * "415 " + "415"),
    "api/^(?P<rest>.*)$": (8 * "404 " + "404", 8 * "404 " + "404"),
    # domain
    "data/": (LET_IN, CLOSED),
    "data/upload": ("in 200 403 403 403 200 200 403 403", "in 200 403 403 403 200 200 403 403"),
    "data/uploads/<int:pk>/columns": (DECIDE, DECIDE),
    "data/templates/": (LET_IN, CLOSED),
    "data/templates/<str:department>.xlsx": (LET_IN, CLOSED),
    "data/columns/<int:pk>/forget": (CLOSED, "in on 403 403 403 on on 403 403"),
    "data/deliveries/<int:pk>/": (LET_IN, CLOSED),
    "data/deliveries/<int:pk>/undo": (CLOSED, "in on 403 403 403 on 403 403 403"),
    "data/uploads/<int:pk>/": (ALL_UNITS, CLOSED),
    "data/uploads/<int:pk>/take": (CLOSED, DECIDE),
    "data/uploads/<int:pk>/discard": (CLOSED, DECIDE),
    "data/uploads/<int:pk>/check": (CLOSED, DECIDE),
    "data/findings/": (LET_IN, CLOSED),
    "firms/accounts": (OPERATOR, "in 403 403 403 403 404 403 403 403"),  # no unit named
    "firms/rows/<int:pk>/": (OWN_UNIT, CLOSED),
    "firms/rows/<int:pk>/edit": (OWN_UNIT, CLOSED),
    "firms/rows/<int:pk>/correct": (CLOSED, MEND),
    "firms/rows/<int:pk>/reject": (CLOSED, MEND),
    "firms/rows/<int:pk>/restore": (CLOSED, MEND),
    "firms/<str:uscc>/events/": (OWN_UNIT, "in 422 422 404 422 422 422 422 403"),  # an empty form is said to be empty
    "firms/<str:uscc>/events/<int:pk>/counter": (CLOSED, "in on on 404 403 403 403 403 403"),
    "land/": (LET_IN, CLOSED),
    "land/parks/": (LET_IN, CLOSED),
    "land/meters/": (LET_IN, CLOSED),
    "land/check/": (LET_IN, CLOSED),
    "land/parcels/<path:reference>/": (OWN_UNIT, CLOSED),
    "land/meters/<path:reference>/": (OWN_UNIT, CLOSED),
    "evaluation/": (LET_IN, CLOSED),
    "cases/": (LET_IN, CLOSED),
    "cases/registers/<slug:key>/": (LET_IN, CLOSED),
    "cases/registers/<slug:key>/diagram": (LET_IN, CLOSED),
    "cases/registers/<slug:key>/periods": (LET_IN, "in 422 422 422 422 422 422 422 403"),  # no state named
    "cases/registers/<slug:key>/screen": (SCREEN, SCREEN),
    "cases/registers/<slug:key>/enter": (
        "in 200 200 200 403 403 403 200 403",
        "in 422 422 422 403 403 403 422 403",
    ),
    "cases/registers/<slug:key>/bulk": ("in 200 200 200 403 403 200 200 403", "in on on on 403 403 on on 403"),
    "cases/<int:pk>/": (CASE, CLOSED),
    "cases/<int:pk>/go": (CLOSED, TRIED),
    "cases/<int:pk>/answer": (CLOSED, TRIED),
    "cases/<int:pk>/clock": (CLOSED, TRIED),
    "cases/<int:pk>/comment": (CLOSED, "in 422 422 404 403 403 422 422 403"),  # nothing was said
    "cases/<int:pk>/plan": (CASE, TRIED),
    "cases/<int:pk>/print": (CASE, CLOSED),
    "cases/<int:pk>/plan.pdf": (CASE_FILE, CLOSED),
    "cases/<int:pk>/plan.docx": (CASE_FILE, CLOSED),
    "cases/<int:pk>/parts": (CLOSED, TRIED),
    "cases/parts/<int:part>/": (CLOSED, TRIED),
    "cases/measures/<int:measure>/done": (CLOSED, TRIED),
    "cases/files/<int:attachment>/": (CASE_FILE, CLOSED),
    "campaigns/": (LET_IN, CLOSED),
    "campaigns/bulk": ("in 200 200 200 403 403 403 403 403", "in on on on 403 403 403 403 403"),  # nothing is ticked
    "campaigns/start": (CLOSED, "in 404 404 404 404 404 404 404 403"),  # no unit named
    "campaigns/<int:pk>/": (SEEN, CLOSED),
    "campaigns/<int:pk>/go": (CLOSED, CARRY),  # back to the page, which says why not
    "campaigns/<int:pk>/periods": (CLOSED, CARRY),
    "campaigns/<int:pk>/rescore": (CLOSED, CARRY),
    "campaigns/<int:pk>/method": (SEEN, "in 422 422 404 403 403 403 403 403"),  # no text is no method
    "campaigns/<int:pk>/grades": (SEEN, CLOSED),
    "campaigns/<int:pk>/firms/<str:uscc>/": (SEEN, CLOSED),
    "campaigns/<int:pk>/firms/<str:uscc>/object": (CLOSED, CARRY),
    "campaigns/<int:pk>/firms/<str:uscc>/notice.pdf": (PROOF, CLOSED),
    "campaigns/<int:pk>/firms/<str:uscc>/notice.docx": (PROOF, CLOSED),
    "campaigns/<int:pk>/notices": (CLOSED, CARRY),
    "campaigns/<int:pk>/totals": (KEPT, CLOSED),
    "campaigns/totals": (WHATIF, CLOSED),  # the city's
    "campaigns/<int:pk>/reconciliation": (PROOF, CLOSED),
    "campaigns/<int:pk>/figures": (CLOSED, CARRY),
    "campaigns/figures/<int:figure>/accept": (CLOSED, CARRY),
    "campaigns/figures/<int:figure>/withdraw": (CLOSED, CARRY),
    "campaigns/<int:pk>/firms/<str:uscc>/regrade": (CLOSED, CARRY),
    "campaigns/<int:pk>/check/": (SEEN, CLOSED),
    "campaigns/<int:pk>/check/confirm": ("in 200 200 404 403 403 403 200 403", CHECKED),
    "campaigns/<int:pk>/check/<str:uscc>/": (SEEN, CLOSED),
    "campaigns/<int:pk>/check/<str:uscc>/confirm": (CLOSED, CHECKED),
    "campaigns/<int:pk>/check/<str:uscc>/send-back": (CLOSED, CHECKED),
    "campaigns/confirmations/<int:confirmation>/answer": (CLOSED, CARRY),
    "campaigns/confirmations/<int:confirmation>/file": (PROOF, CLOSED),
    "campaigns/objections/<int:objection>/answer": (CLOSED, CARRY),
    "campaigns/objections/<int:objection>/file": (PROOF, CLOSED),
    "campaigns/regrades/<int:regrade>/withdraw": (CLOSED, CARRY),
    "campaigns/regrades/<int:regrade>/file": (PROOF, CLOSED),
    "publication/": (OPEN, OPEN_CLOSED),
    "publication/<slug:unit>/<int:year>/": (OPEN, OPEN_CLOSED),
    "publication/<slug:unit>/<int:year>/list.xlsx": (OPEN, OPEN_CLOSED),
    "ledgers/": (LEDGER, CLOSED),
    "ledgers/entries/": (LEDGER, CLOSED),
    "ledgers/entries/<int:pk>/": (KEPT, CLOSED),
    "ledgers/entries/<int:pk>/counter": (CLOSED, "in 422 422 404 403 403 403 403 403"),  # no reason given
    "ledgers/entries/<int:pk>/file": (KEPT, CLOSED),
    "ledgers/new/<slug:kind>": (ENTERS, "in 422 422 422 403 403 403 403 403"),
    "ledgers/claims/": (LEDGER, CLOSED),
    "ledgers/claims/new/<slug:kind>": (ENTERS, "in 422 422 422 403 403 403 403 403"),
    "ledgers/claims/<int:pk>/": (KEPT, CLOSED),
    "ledgers/claims/<int:pk>/grant": (CLOSED, "in on on 404 403 403 403 403 403"),  # back to the claim
    "ledgers/claims/<int:pk>/withdraw": (CLOSED, "in on on 404 403 403 403 403 403"),
    "ledgers/fund/": (LEDGER, CLOSED),
    "ledgers/fund/<slug:unit>/<int:year>/": (KEPT, "in 422 422 404 403 403 403 403 403"),
    "ledgers/fund/revenue/<int:pk>/file": (KEPT, CLOSED),
    "ledgers/replacement/": (LEDGER, CLOSED),
    "publication/<slug:unit>/<int:year>/list.pdf": (OPEN, OPEN_CLOSED),
    "publication/<slug:unit>/<int:year>/list.docx": (OPEN, OPEN_CLOSED),
    "incentives/": (LET_IN, CLOSED),
    "incentives/refresh": (CLOSED, "in on 403 403 403 on 403 403 403"),
    "whatif/": (WHATIF, CLOSED),
    "whatif/new": ("in 200 403 403 403 403 403 403 403", "in 422 403 403 403 403 403 403 403"),
    "whatif/<int:pk>/": (WHATIF, CLOSED),
    # the firms' own pages
    "my/": (OWN_FIRM, OWN_CLOSED),
    "my/data/": (OWN_FIRM, OWN_CLOSED),
    "my/data/confirm": (OWN_CLOSED, OWN_FIRM),
    "my/data/<slug:item>/contest": (OWN_FIRM, OWN_FIRM),
    "my/data/files/<int:confirmation>": (OWN_FIRM, OWN_CLOSED),
    "my/result/": (OWN_FIRM, OWN_CLOSED),
    "my/result/notice.pdf": (OWN_FIRM, OWN_CLOSED),
    "my/objections/": (OWN_FIRM, OWN_FIRM),
    "my/objections/files/<int:objection>": (OWN_FIRM, OWN_CLOSED),
    "my/account/": (OWN_FIRM, OWN_CLOSED),
    # cockpit
    "": ("in 200 200 200 200 200 200 200 on", CLOSED),  # a firm is led to its own pages
    "search/": (LET_IN, CLOSED),
    "firms/": (LET_IN, CLOSED),
    "firms/<str:uscc>/": (OWN_UNIT, CLOSED),
    "firms/<str:uscc>/path": (OWN_UNIT, CLOSED),
}


def test_every_address_has_its_entry() -> None:
    assert set(routes()) == set(TABLE)


def test_every_address_answers_every_role_as_expected(request, small_city) -> None:
    who = people(request)
    given = places(who["county"])
    wrong = []
    for route in routes():
        for method, expected in zip(("GET", "POST"), TABLE.get(route, ("", "")), strict=True):
            for role, want in zip(ROLES, expected.split(), strict=True):
                found = answer(who[role], method, fill(route, given))
                if found != want:
                    wrong.append(f"{method} /{route} as {role}: {found}, expected {want}")
    assert not wrong, "\n".join(wrong)


def answer(user: object, method: str, address: str) -> str:
    """in | on | the status; what the request changed is undone."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        got = client.generic(method, address)
        transaction.set_rollback(True)
    where = got.headers.get("Location", "")
    return "in" if where.startswith("/accounts/login/") else "on" if where else str(got.status_code)
