# The same steps as `make setup` and `make run`, in two stages: the second holds no build tools.
FROM python:3.13-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY Makefile requirements.txt ./
COPY knowledge knowledge
RUN make setup REQUIREMENTS=requirements.txt

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 bot
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY bot bot
COPY handlers handlers
COPY services services
COPY storage storage
COPY knowledge knowledge
COPY locales locales
RUN .venv/bin/python -m knowledge prepare
RUN mkdir data && chown bot data
USER bot
VOLUME /app/data
ENV HEALTH_PORT=8081 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8080 8081
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD \
    [".venv/bin/python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/readyz' % os.environ['HEALTH_PORT'], timeout=4)"]
CMD [".venv/bin/python", "-m", "bot", "run"]
