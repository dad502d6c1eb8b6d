"""The door gunicorn enters by."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")

application = get_wsgi_application()

from fenghuang.faces.cockpit.warm import warm  # noqa: E402 - needs Django set up

warm()
