import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('symbol', models.CharField(max_length=40)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='BarSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('timeframe', models.CharField(max_length=8)),
                ('source', models.CharField(help_text='Where the bars come from.', max_length=200)),
                ('source_sha256', models.CharField(blank=True, help_text='Of the file they were read from; empty once bars were appended.', max_length=64)),
                ('adjustment', models.CharField(choices=[('raw', 'raw'), ('split', 'split-adjusted'), ('total', 'total return (splits and dividends)')], max_length=8)),
                ('timezone', models.CharField(default='UTC', help_text='IANA zone whose calendar day is one session of intraday bars.', max_length=64)),
                ('fingerprint', models.CharField(max_length=64)),
                ('bar_count', models.PositiveIntegerField()),
                ('block_count', models.PositiveIntegerField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='series', to='market.instrument')),
            ],
            options={
                'verbose_name_plural': 'bar series',
            },
        ),
        migrations.CreateModel(
            name='Universe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64)),
                ('symbols', models.JSONField()),
                ('symbol_count', models.PositiveIntegerField()),
                ('updated_at', models.DateTimeField()),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='BarBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('first_ns', models.BigIntegerField()),
                ('last_ns', models.BigIntegerField()),
                ('count', models.PositiveSmallIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('data', models.BinaryField()),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='market.barseries')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'position'), name='block_once_per_position'), models.CheckConstraint(condition=models.Q(('count__gte', 1), ('count__lte', 4096)), name='block_count_in_bounds'), models.CheckConstraint(condition=models.Q(('first_ns__lte', models.F('last_ns'))), name='block_first_before_last')],
            },
        ),
        migrations.AddIndex(
            model_name='instrument',
            index=models.Index(fields=['symbol'], name='instrument_by_symbol'),
        ),
        migrations.AddConstraint(
            model_name='instrument',
            constraint=models.UniqueConstraint(fields=('owner', 'symbol'), name='instrument_once_per_owner'),
        ),
        migrations.AddConstraint(
            model_name='instrument',
            constraint=models.UniqueConstraint(condition=models.Q(('owner', None)), fields=('symbol',), name='instrument_once_shared'),
        ),
        migrations.AddConstraint(
            model_name='instrument',
            constraint=models.CheckConstraint(condition=models.Q(('symbol', ''), _negated=True), name='instrument_has_a_symbol'),
        ),
        migrations.AddConstraint(
            model_name='barseries',
            constraint=models.UniqueConstraint(fields=('instrument', 'timeframe'), name='series_once_per_timeframe'),
        ),
        migrations.AddConstraint(
            model_name='barseries',
            constraint=models.CheckConstraint(condition=models.Q(('adjustment__in', ['raw', 'split', 'total'])), name='series_adjustment_is_known'),
        ),
        migrations.AddConstraint(
            model_name='barseries',
            constraint=models.CheckConstraint(condition=models.Q(('bar_count__gt', 0), ('block_count__gt', 0)), name='series_has_bars'),
        ),
        migrations.AddConstraint(
            model_name='barseries',
            constraint=models.CheckConstraint(condition=models.Q(('first_at__lte', models.F('last_at'))), name='series_first_before_last'),
        ),
        migrations.AddConstraint(
            model_name='universe',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='universe_once_per_owner'),
        ),
        migrations.AddConstraint(
            model_name='universe',
            constraint=models.UniqueConstraint(condition=models.Q(('owner', None)), fields=('name',), name='universe_once_shared'),
        ),
        migrations.AddConstraint(
            model_name='universe',
            constraint=models.CheckConstraint(condition=models.Q(('symbol_count__gt', 0)), name='universe_is_not_empty'),
        ),
    ]
