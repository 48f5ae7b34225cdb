from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0016_request_id'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('name', models.CharField(choices=[('interactive', 'Queue interactive'), ('indicators', 'Queue indicators'), ('patterns', 'Queue patterns'), ('ml', 'Queue ml'), ('read_only', 'Everything that writes')], max_length=20, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('by', models.CharField(max_length=200)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='job',
            name='traceparent',
            field=models.CharField(blank=True, db_default='', default='', max_length=55),
        ),
    ]
