from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Drain',
            fields=[
                ('worker', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('by', models.CharField(max_length=200)),
                ('empty_at', models.DateTimeField(null=True)),
            ],
        ),
    ]
