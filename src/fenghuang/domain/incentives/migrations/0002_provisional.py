"""Whether a decision stands on a grade that is only calculated; before this every grade was."""

from django.db import migrations, models
from django.db.models import Q


def mark(apps, schema_editor):
    decisions = apps.get_model("incentives", "Decision").objects
    graded = Q(graded_by__isnull=False) | Q(graded_before_by__isnull=False)
    decisions.filter(graded).update(is_provisional=True)


class Migration(migrations.Migration):
    dependencies = [("incentives", "0001_initial"), ("evaluation", "0002_grades_of_record")]
    operations = [
        migrations.AddField(
            model_name="decision",
            name="is_provisional",
            field=models.BooleanField(default=False, verbose_name="暂定"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
