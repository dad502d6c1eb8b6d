"""What the first visitor of a process would otherwise wait for; called once by the web process, touches no database."""

from __future__ import annotations

from django.template.loader import get_template

from fenghuang.engines.explain import explainer
from fenghuang.law.pack import packs
from fenghuang.platform.kept import program

TEMPLATES = ["home", "firms", "firm", "nothing_yet", "_bars", "_cards", "_firms", "_firm_grade", "_firm_projects"]
TEMPLATES += ["_firm_facts", "_path", "_path_proofs", "path"]
SHARED = ["ui/explanation.html", "ui/table.html", "ui/_years.html", "incentives/index.html", "evaluation/index.html"]


def warm() -> None:
    """Load the law, make its explainers, compile the templates, know the program's fingerprint."""
    program()
    for pack in packs().values():
        for rule in pack.rules:
            explainer(pack, rule)
    for name in [*(f"cockpit/{name}.html" for name in TEMPLATES), *SHARED]:
        get_template(name)
