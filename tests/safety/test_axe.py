"""axe on every page, light and dark, on a desk and on a phone: nothing serious or critical."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from addresses import fill, places

from people import PASSWORD

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PAGES = [
    "",
    "?unit=331003&by=rnd_share",
    "firms/",
    "firms/?q=没有这家企业",
    "firms/<str:uscc>/",
    "firms/<str:uscc>/events/",
    "firms/<str:uscc>/path",
    "firms/rows/<int:pk>/",
    "land/",
    "land/?lacks=contract&q=没有",
    "land/meters/",
    "land/parks/",
    "land/check/",
    "land/parcels/<path:reference>/",
    "land/meters/<path:reference>/",
    "evaluation/",
    "incentives/",
    "cases/?show=all",
    "cases/registers/<slug:key>/",
    "cases/registers/<slug:key>/?view=board",
    "cases/registers/<slug:key>/?view=calendar",
    "cases/registers/<slug:key>/?view=map",
    "cases/registers/<slug:key>/diagram",
    "cases/registers/<slug:key>/periods",
    "cases/registers/<slug:key>/screen",
    "cases/registers/<slug:key>/enter?q=公司",
    "cases/registers/<slug:key>/bulk",
    "cases/<int:pk>/",
    "cases/<int:pk>/plan",
    "cases/<int:pk>/print",
    "campaigns/",
    "campaigns/bulk?name=close_objections",
    "campaigns/<int:pk>/",
    "campaigns/<int:pk>/method",
    "campaigns/<int:pk>/grades",
    "campaigns/<int:pk>/firms/<str:uscc>/",
    "campaigns/<int:pk>/check/",
    "campaigns/<int:pk>/check/confirm",
    "campaigns/<int:pk>/check/<str:uscc>/",
    "notices/",
    "campaigns/<int:pk>/totals",
    "campaigns/<int:pk>/totals?by=scope&why=all",
    "campaigns/totals?why=all",
    "campaigns/<int:pk>/reconciliation",
    "publication/<slug:unit>/<int:year>/",
    "ledgers/",
    "ledgers/entries/",
    "ledgers/entries/<int:pk>/",
    "ledgers/new/<slug:kind>",
    "ledgers/claims/",
    "ledgers/claims/new/<slug:kind>",
    "ledgers/claims/<int:pk>/",
    "ledgers/fund/",
    "ledgers/fund/<slug:unit>/<int:year>/",
    "ledgers/replacement/",
    "whatif/",
    "whatif/new",
    "whatif/<int:pk>/?check=1",
    "data/",
    "data/upload",
    "data/templates/",
    "data/deliveries/<int:pk>/",
    "data/findings/",
    "data/findings/?show=notices",
    "data/uploads/<int:pk>/",
    "jobs/",
    "jobs/<int:pk>/",
    "jobs/?cols=title&density=compact",
    "audit/",
    "lists/",
    "search/",
    "search/?q=9133",
    "search/?q=没有这样的东西",
    "style/",
    "rules/",
    "rules/<str:rule>/",
    "rules/site_indicators/?far=2.1&far_max=3",
    "policies/",
    "policies/search?q=补助",
    "policies/<str:pack>/",
    "policies/<str:pack>/coverage",
    "policies/<str:pack>/<str:clause>",
    "policies/<str:pack>/task.8",
    "accounts/password/change/",
    "accounts/sessions/",
    "accounts/tokens/",
    "accounts/2fa/",
    "accounts/logout/",
    "accounts/reauthenticate/",
]
OPERATORS = ["firms/accounts", *(f"accounts/users/{rest}" for rest in ("", "new", "many", "<int:pk>/"))]
OPEN = ["accounts/invitations/<str:token>/", "publication/", "publication/<slug:unit>/<int:year>/"]
FAULTS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(
    v => `${v.id}: ${v.nodes.length} x, e.g. ${v.nodes[0].target.join(" ")}: `
      + v.nodes[0].failureSummary.replaceAll("\\n", " ")
  );
}"""


def examined(page: Any) -> list[str]:
    """What axe finds; all that is folded is opened first."""
    page.evaluate("document.querySelectorAll('details:not([data-closes])').forEach(one => { one.open = true })")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(page.evaluate(FAULTS))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_serious(browse, city, county, operator, township, small_city, theme: str, size: str) -> None:
    if not AXE.exists():
        pytest.skip("no axe-core: tools/setup.py fetches it")
    given = places(county)
    page = browse("/accounts/login/", theme=theme, size=size)
    faults = {"login": examined(page)}
    page.fill("input[name=login]", city.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("html[data-scripts=ready] .shell", state="attached")
    for route in PAGES:
        page.goto(fill(route, given))
        page.wait_for_selector("html[data-scripts=ready]", state="attached")
        faults[route] = examined(page)
    page = browse(fill("firms/<str:uscc>/", given), user=operator, theme=theme, size=size)
    faults["masked"] = examined(page)
    faults["worktop"] = examined(browse("/", user=township, theme=theme, size=size))
    for route in OPERATORS:
        page.goto(fill(route, given))
        page.wait_for_selector("html[data-scripts=ready]", state="attached")
        faults[route] = examined(page)
    for route in OPEN:
        page = browse(fill(route, given), theme=theme, size=size)
        faults[f"{route}, to all"] = examined(page)
    told = [f"/{route} {fault}" for route, some in faults.items() for fault in some]
    assert not told, "\n".join(told)
