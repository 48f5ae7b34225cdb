"""Every metric that is counted, declared once; labels take values from bounded sets only.

What is read at the time of a scrape instead of counted (queue depths, ages) is in ops.collectors.
"""

from prometheus_client import Counter, Histogram, disable_created_metrics

# When a counter began is of no use here and would double the number of series.
disable_created_metrics()

LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WAIT_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)

http_requests_total = Counter("http_requests_total", "HTTP requests answered.", ["method", "route", "status"])
http_request_duration_seconds = Histogram(
    "http_request_duration_seconds",
    "Time from the first to the last line of our code on a request that did not ask to wait.",
    ["method", "route"],
    buckets=LATENCY_BUCKETS,
)

jobs_submitted_total = Counter("jobs_submitted_total", "Jobs accepted, reused answers included.")
jobs_finished_total = Counter("jobs_finished_total", "Jobs that reached a terminal state.", ["state"])
job_wait_seconds = Histogram(
    "job_wait_seconds", "Time a chunk waited before a worker began it.", ["queue"], buckets=WAIT_BUCKETS
)
chunk_runtime_seconds = Histogram(
    "chunk_runtime_seconds", "Time a worker spent on a chunk.", ["queue"], buckets=WAIT_BUCKETS
)
leases_expired_total = Counter("leases_expired_total", "Chunks taken back from workers that went silent.")
broker_garbage_total = Counter(
    "broker_garbage_total", "What workers found in the broker that is no message of ours, and left out.", ["reason"]
)
jobs_purged_total = Counter("jobs_purged_total", "Jobs archived and deleted because their time was over.")

patterns_detected_total = Counter("patterns_detected_total", "Pattern events found.", ["pattern"])
ml_prediction_duration_seconds = Histogram(
    "ml_prediction_duration_seconds", "Time a model took for one matrix of rows.", buckets=LATENCY_BUCKETS
)

shadow_duration_seconds = Histogram(
    "shadow_duration_seconds",
    "Time a chunk took for what models said of its events beside the answer.",
    buckets=LATENCY_BUCKETS,
)
# `model`, `refused` for the series' own data, `failed` for anything of ours, or `cancelled`. Each is there from the
# beginning: what is first seen at 1 has not increased.
TRAINING_OUTCOMES = ("model", "refused", "failed", "cancelled")
TRAINING_BUCKETS = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0)
trainings_finished_total = Counter(
    "trainings_finished_total", "Trainings that are over, by what they came to.", ["outcome"]
)
for _outcome in TRAINING_OUTCOMES:
    trainings_finished_total.labels(_outcome)
training_duration_seconds = Histogram(
    "training_duration_seconds",
    "Time from the first beginning of a training to its end, whatever it came to.",
    buckets=TRAINING_BUCKETS,
)

cache_hits_total = Counter("cache_hits_total", "Answers found stored.", ["cache"])
cache_requests_total = Counter("cache_requests_total", "Answers looked for in a store.", ["cache"])
