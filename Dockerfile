# docker build -t rechat .        docs/images.md says how it is used
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY rechat rechat
RUN python -m venv --without-pip /opt/rechat \
 && python -m pip --python /opt/rechat/bin/python install --no-cache-dir --disable-pip-version-check .

FROM python:3.13-slim
COPY --from=build /opt/rechat /opt/rechat
# The page asks for RECHAT_TOKEN; without one, a random one is printed. HOME is for its certificate.
ENV PATH=/opt/rechat/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    RECHAT_HOST=0.0.0.0
WORKDIR /tmp
USER 10001:10001
EXPOSE 8910
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["python", "-c", "import http.client as h, os, sys; c = h.HTTPConnection('127.0.0.1', int(os.environ.get('RECHAT_PORT', '8910')), timeout=4); c.request('GET', '/_rechat/health'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["rechat"]
CMD ["replay", "/transcripts"]
