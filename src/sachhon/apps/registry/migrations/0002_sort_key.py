from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="facility",
            name="sort_key",
            field=models.CharField(db_index=True, default="", editable=False, max_length=240),
        ),
    ]
