"""Every result knows its place in the list of firms, so that a page of the list is found without sorting the city."""

from django.db import migrations, models

FILL = """
UPDATE evaluation_result SET place = (
  SELECT ordered.place FROM evaluation_result_places AS ordered WHERE ordered.id = evaluation_result.id
)
"""
PLACES = """
CREATE TEMPORARY TABLE evaluation_result_places AS
SELECT r.id AS id, row_number() OVER (
  PARTITION BY r.refresh_id, r.year
  ORDER BY u."order", CASE WHEN r.above_scale IS NULL THEN 2 WHEN r.above_scale THEN 0 ELSE 1 END,
           CASE WHEN r.rank IS NULL THEN 1 ELSE 0 END, r.rank, r.firm_id
) - 1 AS place
FROM evaluation_result AS r JOIN accounts_unit AS u ON u.code = r.unit_id
"""
FIELDS = ["refresh", "year", "place", "unit", "grade", "above_scale", "industry", "township", "status", "tax_per_mu"]


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_list_of_firms")]

    operations = [
        migrations.RemoveIndex(model_name="result", name="result_list"),
        migrations.AddField(
            model_name="result",
            name="place",
            field=models.PositiveIntegerField(default=0, verbose_name="名单中的位次"),
        ),
        migrations.RunSQL(
            [
                PLACES,
                "CREATE INDEX evaluation_result_places_id ON evaluation_result_places (id)",
                FILL,
                "DROP TABLE evaluation_result_places",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="result",
            index=models.Index(fields=[*FIELDS, "score", "rank", "group_size", "firm"], name="result_list"),
        ),
    ]
