"""The columns that a plan's conditions ask of the served models, for a run over one series."""

from analysis import Bars, Plan, run
from analysis.errors import AnalysisError
from analysis.positive_prices import refuse_what_needs_them
from forecasts.columns import Handed, columns_of
from forecasts.foretelling import Series
from jobs.outcomes_asked import asked_events

NOTHING = Handed({}, [], as_named=True, seconds=0.0)


class HandedColumns:
    """A plan's question to models: of the events of every pattern in the plan, else of all that a model knows.

    One call of the trees a series: nearly all of the time goes into the features, which are of a series anyway.
    """

    def __init__(self, plan: Plan, timeframe: str) -> None:
        self._plan, self._names, self._timeframe = plan, plan.handed, timeframe
        self._events = asked_events(plan)

    def of(self, bars: Bars, now_ns: int) -> Handed:
        """Return what is to be handed to a run over these bars; what is of a bar that is still open is unknown.

        Raises PricesNotPositive where the run would.
        """
        if not self._names:
            return NOTHING
        refuse_what_needs_them(self._plan, bars)
        is_open = not bars.last_closed(now_ns)
        if self._events is None:
            return columns_of(Series(bars, (), is_open), self._timeframe, self._names)
        try:
            found = run(self._events, bars, now_ns=now_ns)
        except AnalysisError:
            return columns_of(Series(bars, (), is_open), self._timeframe, self._names)
        return columns_of(Series(bars, found.events, found.provisional), self._timeframe, self._names)
