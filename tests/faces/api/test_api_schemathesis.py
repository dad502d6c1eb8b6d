"""schemathesis over the whole description: every operation, every check, against the application in process.

What it finds is a place where the API and its description differ. The seed is fixed: the same questions on every run.
"""

from __future__ import annotations

import os
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase

from fenghuang.config.wsgi import application

# A description cannot say everything that a rule asks of its figures (decimals, ranges, which fields go together),
# so a body of the right shape may also be answered with 422, and an address of the right shape with 400.
REFUSED = ["2xx", "400", "404", "422"]
CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {"deterministic": True, "mode": "all"},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": REFUSED},
            "negative_data_rejection": {"expected-statuses": ["400", "404", "405", "413", "415", "422"]},
        },
    }
)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=CONFIG)


@pytest.fixture(autouse=True)
def _no_limit(settings: Any) -> None:
    settings.PUBLIC_RATE = 0  # all questions come from one address


@pytest.mark.django_db  # no question reads the database, but the handler looks after open connections of other tests
@schema.parametrize()
@hypothesis.seed(20211226)
@hypothesis.settings(
    max_examples=int(os.environ.get("FENGHUANG_EXAMPLES", "6")),
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_is_as_described(case: Any) -> None:
    case.call_and_validate()
