from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0011_ended_counts_and_owners'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['state', '-id'], name='job_state_newest'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=models.Index(condition=models.Q(('archive', '')), fields=['deleted_at'], name='tombstone_unarchived'),
        ),
    ]
