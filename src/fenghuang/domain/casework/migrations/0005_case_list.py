"""A page of a list finds its cases in one index; two narrow ones that SQLite preferred for whole scans are gone."""

from django.db import migrations, models

LISTED = [
    "due", "register", "state", "holder", "risen_to", "alarm", "kind", "unit", "township", "since", "entered_on",
    "ended_on", "subject", "title",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_settled_once")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_due"),
        migrations.RemoveIndex(model_name="case", name="case_holder"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=LISTED, condition=models.Q(ended_on__isnull=True), name="case_listed"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=LISTED, condition=models.Q(ended_on__isnull=False), name="case_listed_ended"),
        ),
    ]
