FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /srv/buurtlab

# Every download is checked against the lock files; setuptools only builds the command below.
COPY requirements.lock requirements-dev.lock ./
RUN pip install --require-hashes --only-binary=:all: --requirement requirements.lock
RUN awk '/^[a-z]/ { wanted = /^setuptools==/ } wanted' requirements-dev.lock > build.lock \
    && pip install --require-hashes --only-binary=:all: --requirement build.lock

# Editable, so that the package finds its templates, static files and migrations beside it.
COPY pyproject.toml README.md LICENSE ./
COPY app app
RUN pip install --no-index --no-deps --no-build-isolation --editable . \
    && python -m compileall -q app \
    && pip uninstall --yes setuptools pip


FROM python:3.11-slim
RUN useradd --system --uid 10001 --user-group --home-dir /srv/buurtlab --shell /usr/sbin/nologin buurtlab
WORKDIR /srv/buurtlab
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/buurtlab/app app
COPY LICENSE alembic.ini ./
COPY migrations migrations
COPY templates templates
COPY static static
RUN install --directory --owner=buurtlab --group=buurtlab var

ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BUURTLAB_ENVIRONMENT=production
USER buurtlab
VOLUME /srv/buurtlab/var
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["buurtlab", "serve", "--host", "0.0.0.0"]
