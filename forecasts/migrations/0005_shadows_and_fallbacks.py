from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0004_trained_models'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fallback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(help_text="Of the model's card.", max_length=64)),
                ('model', models.CharField(help_text='Name and version.', max_length=80)),
                ('figures', models.JSONField(help_text='What it was measured to have lost.')),
                ('fell_back_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('sha256',), name='one_fallback_at_a_time')],
            },
        ),
        # Words that a column may have are no part of its type.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='modelversion',
                    name='status',
                    field=models.CharField(choices=[('candidate', 'candidate'), ('shadow', 'shadow'), ('champion', 'champion'), ('retired', 'retired')], default='candidate', max_length=9),
                ),
                migrations.AlterField(
                    model_name='modelreport',
                    name='kind',
                    field=models.CharField(choices=[('score', 'scorecard'), ('drift', 'drift'), ('compared', 'comparison'), ('recent', 'recent')], max_length=8),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name='modelversion',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'shadow')), fields=('name',), name='one_shadow_a_name'),
        ),
    ]
