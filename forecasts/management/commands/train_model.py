"""Train a model on stored series, and keep it as a candidate."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.management.users import user_named
from forecasts.errors import TrainingLost, TrainingRefused
from forecasts.services.candidates import keep_candidate
from forecasts.services.training import Trained, Wanted, train
from forecasts.stored_cards import stored_card
from market.errors import MarketError
from market.selectors import resolve

SHOWN_STEPS = 10  # lines a stage, about


class Command(BaseCommand):
    """Train on a universe's series; what comes of it is a candidate, and never served by itself."""

    help = "Train a model on a universe's series and keep it as a candidate, with its card and every gate."

    def add_arguments(self, parser: Any) -> None:
        """Take what to train on, and whose the candidate is."""
        parser.add_argument("--universe", required=True, help="a stored list of symbols")
        parser.add_argument("--timeframe", default="1d", help="of the series: 1d, 1w or 1M")
        parser.add_argument("--owner", help="user name: their series and universe; without it those of all, for all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train, saying how far it is; a universe too small ends with how many events there are and are needed."""
        owner = None if options["owner"] is None else user_named(options["owner"])
        try:
            found = resolve(owner, universe=options["universe"], timeframe=options["timeframe"])
            ids = [one.series_id for one in found if one.series_id is not None]
            title, owner_id = f"universe {options['universe']}", None if owner is None else owner.pk
            wanted = Wanted(ids, title, options["timeframe"], owner_id)
            trained = train(wanted, now=timezone.now(), tell=self._tell)
            row = keep_candidate(trained, now=timezone.now())
        except MarketError as error:
            raise CommandError(f"{error.code}: {error.detail}") from None
        except TrainingRefused as refused:
            raise CommandError(f"{refused.code}: {refused.detail}") from None
        except TrainingLost as lost:
            raise CommandError(str(lost)) from None
        self._say(row, trained)

    def _tell(self, stage: str, done: int, total: int) -> None:
        if done == total or done % max(1, total // SHOWN_STEPS) == 0:
            self.stdout.write(f"{stage}: {done} of {total}")

    def _say(self, row: Any, trained: Trained) -> None:
        for error in trained.left_out.values():
            self.stdout.write(f"Left out: {error.detail}")
        if trained.known is not None:
            self.stdout.write(f"{row} was trained on the same: {row.status}, card {row.sha256}")
            return
        self.stdout.write(f"{row}: candidate, card {row.sha256}")
        card = stored_card(row.name, row.version)
        for gate in () if card is None else card.card["gates"]:
            held = "passed" if gate["passed"] else "FAILED"
            self.stdout.write(f"{gate['code']:<4}{held:<8}{gate['title']}: {gate['figure']} (goal: {gate['goal']})")
