"""Forms in Tabler's look without a word in any form class (templates under ui/forms and django/forms/widgets)."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
