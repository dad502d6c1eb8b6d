"""The door gunicorn enters by."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")

application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402

from fenghuang.faces.cockpit.warm import warm  # noqa: E402 - needs Django set up

warm()
get_resolver().url_patterns  # noqa: B018 - imports every page now: the first to ask shall not wait for it
