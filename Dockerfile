# One image for every process; docker/start.sh tells them apart.
ARG BASE_IMAGE=python:3.12-slim-bookworm

# Packages are installed here, from pinned files alone, so that pip's leavings stay out of the last stage.
FROM ${BASE_IMAGE} AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
# `parquet` for results as Parquet files as well.
ARG REQUIREMENTS=runtime
COPY requirements/${REQUIREMENTS}.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-compile --require-hashes --only-binary :all: --requirement /tmp/requirements.txt \
    && /opt/venv/bin/python -m compileall -q -j 0 /opt/venv/lib

# hadolint ignore=DL3006
FROM ${BASE_IMAGE} AS program
ARG VERSION=1.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Gravity Technical Analysis" \
    org.opencontainers.image.description="Technical analysis as jobs: API, workers, beat and Flower" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
RUN groupadd --gid 1000 gravity \
    && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin gravity
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=gravity.settings \
    DATA_DIR=/tmp/data \
    HEARTBEAT_DIR=/tmp/heartbeats \
    STATIC_ROOT=/app/static
WORKDIR /app
COPY . .
# Bytecode, machine code and static files are made now: the root is read-only when the program runs.
RUN python -m compileall -q . \
    && . docker/machine.sh && NUMBA_CACHE_DIR=/app/numba python -m analysis.precompile \
    && SECRET_KEY=only-while-static-files-are-collected python manage.py collectstatic --noinput --verbosity 0 \
    && chmod -R a+rX /app
ENV PYTHONDONTWRITEBYTECODE=1
USER 1000:1000
EXPOSE 8000 5555 9101
# For the API under plain Docker; Kubernetes asks its own probes and compose.yaml names those of the others.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["sh", "/app/docker/start.sh", "api"]
