"""Every route of the API, and its documentation."""

from django.urls import path, register_converter
from drf_spectacular.views import SpectacularSwaggerSplitView

from api.converters import NameConverter, PrefixConverter, SymbolConverter, TimeframeConverter, VersionConverter
from api.document import Document
from api.v1.bulk import JobsBulk
from api.v1.callbacks import CallbackSecretNow, JobCallbackReplay, JobCallbacks
from api.v1.catalog import Catalog, CatalogEntry
from api.v1.charts import JobChart
from api.v1.compute import IndicatorsCompute, MlPredict, PatternsDetect
from api.v1.events import JobEvents
from api.v1.jobs import JobCancel, JobClone, JobDetail, JobRetry, Jobs, JobsCounts
from api.v1.keys import KeyDetail, Keys
from api.v1.models import ModelDetail, ModelReliability, Models
from api.v1.queues import QueuePause, QueueResume, Queues
from api.v1.read_only import ReadOnlyMode
from api.v1.results import JobResult
from api.v1.scans import ScanDetail, ScanRunNow, ScanRuns, Scans
from api.v1.series import SeriesBars, SeriesList, SeriesQuality
from api.v1.storage import Storage
from api.v1.tokens import Token, TokenRefresh, TokenRevoke
from api.v1.training import MlTrain
from api.v1.universes import UniverseDetail, Universes

register_converter(SymbolConverter, "symbol")
register_converter(TimeframeConverter, "timeframe")
register_converter(NameConverter, "name")
register_converter(PrefixConverter, "prefix")
register_converter(VersionConverter, "version")

V1 = "api/v1/"

urlpatterns = [
    path(f"{V1}token", Token.as_view(), name="token"),
    path(f"{V1}token/refresh", TokenRefresh.as_view(), name="token-refresh"),
    path(f"{V1}token/revoke", TokenRevoke.as_view(), name="token-revoke"),
    path(f"{V1}keys", Keys.as_view(), name="keys"),
    path(f"{V1}keys/<prefix:prefix>", KeyDetail.as_view(), name="key"),
    path(f"{V1}jobs", Jobs.as_view(), name="jobs"),
    path(f"{V1}jobs/counts", JobsCounts.as_view(), name="jobs-counts"),
    path(f"{V1}jobs/bulk", JobsBulk.as_view(), name="jobs-bulk"),
    path(f"{V1}jobs/<uuid:job_id>", JobDetail.as_view(), name="job"),
    path(f"{V1}jobs/<uuid:job_id>/result", JobResult.as_view(), name="job-result"),
    path(f"{V1}jobs/<uuid:job_id>/events", JobEvents.as_view(), name="job-events"),
    path(f"{V1}jobs/<uuid:job_id>/chart.svg", JobChart.as_view(), name="job-chart"),
    path(f"{V1}jobs/<uuid:job_id>/cancel", JobCancel.as_view(), name="job-cancel"),
    path(f"{V1}jobs/<uuid:job_id>/retry", JobRetry.as_view(), name="job-retry"),
    path(f"{V1}jobs/<uuid:job_id>/clone", JobClone.as_view(), name="job-clone"),
    path(f"{V1}jobs/<uuid:job_id>/callbacks", JobCallbacks.as_view(), name="job-callbacks"),
    path(f"{V1}jobs/<uuid:job_id>/callbacks/replay", JobCallbackReplay.as_view(), name="job-callbacks-replay"),
    path(f"{V1}callbacks/secret", CallbackSecretNow.as_view(), name="callback-secret"),
    path(f"{V1}indicators/compute", IndicatorsCompute.as_view(), name="indicators-compute"),
    path(f"{V1}patterns/detect", PatternsDetect.as_view(), name="patterns-detect"),
    path(f"{V1}ml/predict", MlPredict.as_view(), name="ml-predict"),
    path(f"{V1}ml/train", MlTrain.as_view(), name="ml-train"),
    path(f"{V1}models", Models.as_view(), name="models"),
    path(f"{V1}models/<name:name>/<version:version>", ModelDetail.as_view(), name="model"),
    path(
        f"{V1}models/<name:name>/<version:version>/reliability.svg",
        ModelReliability.as_view(),
        name="model-reliability",
    ),
    path(f"{V1}queues", Queues.as_view(), name="queues"),
    path(f"{V1}queues/<name:name>/pause", QueuePause.as_view(), name="queue-pause"),
    path(f"{V1}queues/<name:name>/resume", QueueResume.as_view(), name="queue-resume"),
    path(f"{V1}read-only", ReadOnlyMode.as_view(), name="read-only"),
    path(f"{V1}storage", Storage.as_view(), name="storage"),
    path(f"{V1}catalog", Catalog.as_view(), name="catalog"),
    path(f"{V1}catalog/<name:name>", CatalogEntry.as_view(), name="catalog-entry"),
    path(f"{V1}series", SeriesList.as_view(), name="series"),
    path(f"{V1}series/<symbol:symbol>/<timeframe:timeframe>", SeriesBars.as_view(), name="series-bars"),
    path(f"{V1}series/<symbol:symbol>/<timeframe:timeframe>/quality", SeriesQuality.as_view(), name="series-quality"),
    path(f"{V1}universes", Universes.as_view(), name="universes"),
    path(f"{V1}universes/<name:name>", UniverseDetail.as_view(), name="universe"),
    path(f"{V1}scans", Scans.as_view(), name="scans"),
    path(f"{V1}scans/<name:name>", ScanDetail.as_view(), name="scan"),
    path(f"{V1}scans/<name:name>/runs", ScanRuns.as_view(), name="scan-runs"),
    path(f"{V1}scans/<name:name>/run", ScanRunNow.as_view(), name="scan-run"),
    path(f"{V1}schema", Document.as_view(), name="schema"),
    # As there, credentials do not matter.
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema", authentication_classes=[]), name="docs"),
]
