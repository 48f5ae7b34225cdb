"""The roles of staff: what each may see and do, as groups that users are put into."""

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission

# Apps whose rows staff look at. Users and groups are not among them: who may write those may become anyone.
SEEN = ("accounts", "admin", "django_celery_beat", "forecasts", "jobs", "market", "notifications", "ops", "scans")
READERS, OPERATORS = "Readers", "Operators"
# What operators may do besides, by app and permission.
DONE: Mapping[str, tuple[str, ...]] = {
    "accounts": ("add_apikey", "change_apikey"),
    "django_celery_beat": tuple(
        f"{verb}_{model}" for verb in ("add", "change") for model in ("crontabschedule", "intervalschedule")
    ),
    "forecasts": ("change_modelversion", "delete_modelversion"),
    "jobs": ("change_job", "change_delivery"),
    "notifications": ("change_message",),
    "scans": ("add_scan", "change_scan", "delete_scan"),
}


def make_roles() -> dict[str, int]:
    """Make both groups, or give them again what they lack; return how many permissions each has.

    What staff have given a group besides stays; nobody is put into one.
    """
    seen = Permission.objects.filter(content_type__app_label__in=SEEN, codename__startswith="view_")
    done = [
        permission
        for app, names in DONE.items()
        for permission in Permission.objects.filter(content_type__app_label=app, codename__in=names)
    ]
    counts = {}
    for name, permissions in ((READERS, list(seen)), (OPERATORS, [*seen, *done])):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*permissions)
        counts[name] = group.permissions.count()
    return counts
