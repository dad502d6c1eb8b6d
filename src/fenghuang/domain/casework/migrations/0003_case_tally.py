"""The numbers of every register are counted on an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_immutable")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["register", "ended_on", "alarm", "unit"], name="case_tally"),
        ),
    ]
