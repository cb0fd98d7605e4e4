# One image for each service: docker build --build-arg SERVICE=referral .
FROM python:3.11-slim
WORKDIR /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1

ARG REQUIREMENTS=service
COPY requirements/${REQUIREMENTS}.txt requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.txt

RUN useradd --system --uid 10001 --home-dir /app huddle \
 && install -d -o huddle /var/lib/huddle/issuer /var/lib/huddle/keys
COPY schemas schemas
COPY config config
COPY backbone backbone
COPY services services
COPY board board
COPY simulator/__init__.py simulator/__init__.py
COPY simulator/sinks simulator/sinks
COPY cli cli
RUN python -m compileall -q .

ARG SERVICE VERSION=0.1.0 REVISION=unknown
ENV SERVICE=${SERVICE}
LABEL org.opencontainers.image.title="huddle ${SERVICE}" \
      org.opencontainers.image.description="Event-driven care co-ordination for multidisciplinary pain clinics" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER huddle
EXPOSE 8080
CMD ["sh", "-c", "exec python -m services.$SERVICE"]
