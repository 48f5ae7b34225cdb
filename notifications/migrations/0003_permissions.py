"""Who may see or act on what jobs had may do so with what takes its place here; the old permissions stay."""

from django.conf import settings
from django.db import migrations

MODELS = {"delivery": "message", "callbacksecret": "signingsecret"}


def copy_permissions(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for before, after in MODELS.items():
        for old in Permission.objects.filter(content_type__app_label="jobs", content_type__model=before):
            groups, users = list(old.group_set.all()), list(old.user_set.all())
            if not groups and not users:
                continue  # Django makes it after the migrations, as every other
            verb = old.codename.removesuffix(f"_{before}")
            kind, _ = ContentType.objects.get_or_create(app_label="notifications", model=after)
            name = f"Can {verb} {'signing secret' if after == 'signingsecret' else after}"
            new, _ = Permission.objects.get_or_create(
                content_type=kind, codename=f"{verb}_{after}", defaults={"name": name}
            )
            new.group_set.add(*groups)
            new.user_set.add(*users)


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_message"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(copy_permissions, migrations.RunPython.noop)]
