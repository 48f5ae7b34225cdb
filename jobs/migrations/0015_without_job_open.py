from django.db import migrations


class Migration(migrations.Migration):
    # The index of states, which came with 0014, finds what is not over as well; each change of a state wrote both.

    dependencies = [
        ('jobs', '0014_months_of_use'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='job',
            name='job_open',
        ),
    ]
