from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scans', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='scan',
            name='benchmark',
            field=models.CharField(blank=True, db_default='', default='', help_text='The symbol of a second series, if there is one.', max_length=40),
        ),
    ]
