"""Who may see or revoke API keys in the admin may still: what groups and users were allowed on api's model, they are
allowed on the model here.

Copied, not renamed: processes of the release before go on asking for api's permissions. What staff have done to keys, in
the audit log, points to the model here, where the admin has its pages; who, when, what and the id stay untouched.
"""

from django.conf import settings
from django.db import migrations


def copy_permissions(apps, schema_editor):
    """Give the new permissions to all who have the old ones; does no more when it runs again."""
    database = schema_editor.connection.alias
    content_types = apps.get_model('contenttypes', 'ContentType').objects.using(database)
    permissions = apps.get_model('auth', 'Permission').objects.using(database)
    before = content_types.filter(app_label='api', model='apikey').first()
    if before is None:
        # A new database: nobody has been given anything.
        return
    # post_migrate makes both, but only after this; it leaves alone what it finds.
    now, _ = content_types.get_or_create(app_label='accounts', model='apikey')
    for old in permissions.filter(content_type=before):
        new, _ = permissions.get_or_create(content_type=now, codename=old.codename, defaults={'name': old.name})
        new.group_set.add(*old.group_set.using(database).values_list('pk', flat=True))
        new.user_set.add(*old.user_set.using(database).values_list('pk', flat=True))
    log = apps.get_model('admin', 'LogEntry').objects.using(database)
    log.filter(content_type=before).update(content_type=now)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(copy_permissions, migrations.RunPython.noop),
    ]
