# One image for web and workers; docker-compose.yml starts both beside Postgres, Valkey and MinIO.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PATH=/venv/bin:$PATH
RUN apt-get -qq update \
    && apt-get -qq install -y --no-install-recommends tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 recto \
    && python -m venv /venv
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --quiet --require-hashes -r requirements/base.txt
COPY . .
RUN SECRET_KEY=build python manage.py collectstatic --no-input --verbosity 0 && mkdir -p var && chown recto var
USER recto
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", "--no-access-log"]
