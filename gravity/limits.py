"""What one request, one owner and one process may have."""

from gravity.environment import env

JOB_MAX_SYMBOLS = env.int("JOB_MAX_SYMBOLS", 10_000)
# What the results of a symbol, and those of a job together, may come to: 8 bytes a value, and the text of the events.
RESULT_MAX_BYTES = env.int("RESULT_MAX_BYTES", 64 * 1024 * 1024)
JOB_RESULT_MAX_BYTES = env.int("JOB_RESULT_MAX_BYTES", 1024 * 1024 * 1024)
# What one page of a result may come to as JSON; more is read in pages of rows, or in a form that is streamed.
RESULT_PAGE_MAX_BYTES = env.int("RESULT_PAGE_MAX_BYTES", 32 * 1024 * 1024)
# How many of an API process's threads may wait for the end of a job; the others go on answering.
WAITER_PLACES = env.int("WAITER_PLACES", 48)
WAIT_MAX_SECONDS = env.int("WAIT_MAX_SECONDS", 60)
# A stream of events ends after this, so that its client shows its credentials again; a comment keeps it open meanwhile
# and finds out that a client has gone.
EVENTS_MAX_SECONDS = env.int("EVENTS_MAX_SECONDS", 300)
EVENTS_HEARTBEAT_SECONDS = env.float("EVENTS_HEARTBEAT_SECONDS", 10)
# How many files of results an API process builds and sends at once, and how many bytes each may have.
RESULT_FILE_PLACES = env.int("RESULT_FILE_PLACES", 4)
RESULT_FILE_MAX_BYTES = env.int("RESULT_FILE_MAX_BYTES", 64 * 1024 * 1024)
# How many large results (more than 4 MiB compressed) an API process reads at once: each may take a hundred megabytes.
RESULT_READ_PLACES = env.int("RESULT_READ_PLACES", 3)
BULK_MAX_JOBS = env.int("BULK_MAX_JOBS", 1_000)
# Limits of one owner (0: none), counted for all processes together.
REQUESTS_PER_MINUTE = env.int("REQUESTS_PER_MINUTE", 6_000)
OPEN_JOBS_PER_OWNER = env.int("OPEN_JOBS_PER_OWNER", 20_000)
# What the jobs of one owner may take: gigabytes (10^9 bytes), times the days that they are promised to be kept.
STORAGE_GB_DAYS_PER_OWNER = env.float("STORAGE_GB_DAYS_PER_OWNER", 1_000)
# With work that has waited longer in the broker, nothing more is taken for its queue (0: always); figures for this and
# for open jobs are at most ADMISSION_SECONDS old.
OVERLOADED_AFTER_SECONDS = env.int("OVERLOADED_AFTER_SECONDS", 900)
ADMISSION_SECONDS = env.float("ADMISSION_SECONDS", 2.0)
# Wrong passwords with one name that one address may send in five minutes (with any name or key ten times as many).
LOGIN_FAILURES = env.int("LOGIN_FAILURES", 10)
# How many proxies every client comes through, each of which adds to X-Forwarded-For the address that it sees (0: none).
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", int(env.bool("BEHIND_TLS_PROXY", env.bool("PRODUCTION", False))))
JOB_MAX_ANALYSES = env.int("JOB_MAX_ANALYSES", 200)
SERIES_MAX_BARS = env.int("SERIES_MAX_BARS", 100_000)
BODY_MAX_BYTES = env.int("BODY_MAX_BYTES", 10 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_MAX_BYTES
# A key that was looked up within these seconds is not read again: one read less on every request.
API_KEY_CACHE_SECONDS = env.float("API_KEY_CACHE_SECONDS", 2.0)
# A finished job or result that was answered within these seconds is answered again without asking Django, at most 60;
# 0: never. The seconds are how long a deleted job or a revoked key may go on working on other processes.
REPLAY_SECONDS = env.float("REPLAY_SECONDS", 10)
REPLAY_MAX_BYTES = env.int("REPLAY_MAX_BYTES", 32 * 1024 * 1024)
# Of one key or token in one process; beyond, Django answers and its limits count.
REPLAYS_PER_SECOND = env.float("REPLAYS_PER_SECOND", 1_000)
