from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TERMINAL = ("succeeded", "partial", "failed", "cancelled")


def count(apps: Any, schema_editor: Any) -> None:
    """Count the jobs that have ended."""
    jobs = apps.get_model("jobs", "Job").objects.filter(state__in=TERMINAL).order_by()
    ended = apps.get_model("jobs", "EndedCount")
    rows = jobs.values_list("owner_id", "state").annotate(n=models.Count("id"))
    ended.objects.bulk_create([ended(owner_id=owner, state=state, more=n) for owner, state, n in rows])


def name_owners(apps: Any, schema_editor: Any) -> None:
    """Write on tags and symbols whose they are."""
    owner = apps.get_model("jobs", "Job").objects.filter(pk=models.OuterRef("job_id")).values("owner_id")[:1]
    for name in ("JobTag", "JobSymbol"):
        apps.get_model("jobs", name).objects.update(owner=models.Subquery(owner))


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0010_tombstone_age'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EndedCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=10)),
                ('more', models.IntegerField()),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='jobsymbol',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='jobtag',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='jobsymbol',
            index=models.Index(fields=['owner', 'symbol', '-job'], name='symbol_owner_newest'),
        ),
        migrations.AddIndex(
            model_name='jobsymbol',
            index=models.Index(condition=models.Q(('owner__isnull', True)), fields=['id'], name='symbol_unowned'),
        ),
        migrations.AddIndex(
            model_name='jobtag',
            index=models.Index(fields=['owner', 'tag', '-job'], name='tag_owner_newest'),
        ),
        migrations.AddIndex(
            model_name='jobtag',
            index=models.Index(condition=models.Q(('owner__isnull', True)), fields=['id'], name='tag_unowned'),
        ),
        migrations.AddIndex(
            model_name='endedcount',
            index=models.Index(fields=['owner', 'state'], name='ended_owner_state'),
        ),
        migrations.RunPython(count, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(name_owners, migrations.RunPython.noop, elidable=True),
    ]
