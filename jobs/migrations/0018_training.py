from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0017_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='kind',
            field=models.CharField(db_default='analysis', default='analysis', max_length=10),
        ),
        migrations.AddField(
            model_name='chunk',
            name='progress',
            field=models.JSONField(null=True),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'training'), ('state__in', ('accepted', 'queued', 'running', 'cancelling'))), fields=('owner',), name='job_trains_once'),
        ),
    ]
