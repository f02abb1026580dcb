# Plumbline as an image: the application and its worker, for a database that is served elsewhere.
# No secret is in it, and nothing in it runs as root.

FROM python:3.12-slim-bookworm AS build
WORKDIR /srv/plumbline
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/plumbline
COPY requirements/app.txt requirements/app.txt
RUN /opt/plumbline/bin/pip install --require-hashes -r requirements/app.txt
COPY pyproject.toml ./
COPY alembic alembic
COPY app app
COPY docs/guide docs/guide
RUN /opt/plumbline/bin/pip install --no-deps --no-build-isolation -e . \
    && /opt/plumbline/bin/python -m compileall -q app

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin plumbline \
    && install -d -o plumbline -g plumbline -m 0711 /var/lib/plumbline
COPY --from=build /opt/plumbline /opt/plumbline
COPY --from=build /srv/plumbline /srv/plumbline
ENV PATH=/opt/plumbline/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PLUMBLINE_DATA=/var/lib/plumbline \
    PLUMBLINE_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/plumbline
VOLUME /var/lib/plumbline
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["plumbline"]
CMD ["serve"]
