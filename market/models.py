"""Instruments, their bar series in columnar blocks, and universes.

An owner of None means shared: every user can read it, only staff and commands write it. Whatever a user
owns hides the shared one of the same name.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from market.blocks import BLOCK_BARS


class Adjustment(models.TextChoices):
    """Say what the prices have been adjusted for."""

    RAW = "raw", "raw"
    SPLIT = "split", "split-adjusted"
    TOTAL = "total", "total return (splits and dividends)"


class Instrument(models.Model):
    """Hold something that trades, under one symbol per owner."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    symbol = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "symbol"], name="instrument_once_per_owner"),
            models.UniqueConstraint(fields=["symbol"], condition=Q(owner=None), name="instrument_once_shared"),
            models.CheckConstraint(condition=~Q(symbol=""), name="instrument_has_a_symbol"),
        ]
        indexes = [models.Index(fields=["symbol"], name="instrument_by_symbol")]

    def __str__(self) -> str:
        return self.symbol


class BarSeries(models.Model):
    """Hold the facts about one instrument's bars of one timeframe; the bars are in the blocks."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="series")
    timeframe = models.CharField(max_length=8)
    source = models.CharField(max_length=200, help_text="Where the bars come from.")
    source_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the file they were read from; empty once bars were appended."
    )
    adjustment = models.CharField(max_length=8, choices=Adjustment)
    timezone = models.CharField(
        max_length=64,
        default="UTC",
        help_text="IANA zone whose calendar day is one session of intraday bars.",
    )
    fingerprint = models.CharField(max_length=64)
    bar_count = models.PositiveIntegerField()
    block_count = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "bar series"
        constraints = [
            models.UniqueConstraint(fields=["instrument", "timeframe"], name="series_once_per_timeframe"),
            models.CheckConstraint(condition=Q(adjustment__in=Adjustment.values), name="series_adjustment_is_known"),
            models.CheckConstraint(condition=Q(bar_count__gt=0, block_count__gt=0), name="series_has_bars"),
            models.CheckConstraint(condition=Q(first_at__lte=F("last_at")), name="series_first_before_last"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument.symbol} {self.timeframe}"


class BarBlock(models.Model):
    """Hold up to 4,096 consecutive bars of a series; every block but the last is full."""

    series = models.ForeignKey(BarSeries, on_delete=models.CASCADE, related_name="blocks")
    position = models.PositiveIntegerField()
    first_ns = models.BigIntegerField()
    last_ns = models.BigIntegerField()
    count = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "position"], name="block_once_per_position"),
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=BLOCK_BARS), name="block_count_in_bounds"),
            models.CheckConstraint(condition=Q(first_ns__lte=F("last_ns")), name="block_first_before_last"),
        ]

    def __str__(self) -> str:
        return f"block {self.position} of series {self.series_id}"


class Universe(models.Model):
    """Hold a named list of symbols, in order, each at most once."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=64)
    symbols = models.JSONField()
    symbol_count = models.PositiveIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="universe_once_per_owner"),
            models.UniqueConstraint(fields=["name"], condition=Q(owner=None), name="universe_once_shared"),
            models.CheckConstraint(condition=Q(symbol_count__gt=0), name="universe_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
