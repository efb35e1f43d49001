"""A caller of the API that holds every answer against the published document."""

import json
import re
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from jsonschema import Draft202012Validator, FormatChecker
from starlette.testclient import TestClient

from app.api.application import PREFIX

ORIGIN = "http://127.0.0.1:8000"
IN_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
FORMATS = FormatChecker(formats=())
FORMATS.checks("date-time")(lambda text: not isinstance(text, str) or bool(IN_UTC.fullmatch(text)))


class Caller(TestClient):
    """Addresses are those below /api/v1; what comes back is as documented, or the test fails."""

    def __init__(self, app: FastAPI, token: str = "", language: str = "en") -> None:
        super().__init__(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
        self.document = document_of(app)
        self.headers.update({"Accept-Language": language, "Accept": "application/json"})
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str, url: str, **kwargs: Any) -> Response:  # type: ignore[override]
        address = url if url.startswith(PREFIX) else PREFIX + url
        response = super().request(method, address, **kwargs)
        check_headers(response)
        if response.request.method not in ("HEAD", "OPTIONS"):
            check_body(self.document, response)
        return response

    def send_text(self, method: str, url: str, text: str | bytes, **headers: str) -> Response:
        return self.request(method, url, content=text, headers={"Content-Type": "application/json", **headers})


def document_of(app: FastAPI) -> dict[str, Any]:
    api = next(route.app for route in app.routes if getattr(route, "path", "") == PREFIX)
    written: dict[str, Any] = json.loads(json.dumps(api.openapi()))
    return written


def check_headers(response: Response) -> None:
    headers = response.headers
    assert headers["api-version"] == "1.0.0"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "set-cookie" not in headers
    if response.status_code == 401:
        assert headers["www-authenticate"].startswith("Bearer")
    if response.status_code in (429, 503):
        assert int(headers["retry-after"]) > 0


def check_body(document: dict[str, Any], response: Response) -> None:
    kind = response.headers["content-type"]
    if response.status_code >= 400:
        assert kind == "application/problem+json", response.text
        check_schema(document, {"$ref": "#/components/schemas/Problem"}, response.json())
        assert response.json()["status"] == response.status_code
    else:
        assert kind == "application/json"
    described = operation_for(document, response.request.method, response.request.url.path)
    if described is None:
        return
    answers = described["responses"]
    assert str(response.status_code) in answers, f"{response.status_code} is not documented"
    if response.status_code < 400:
        schema = answers[str(response.status_code)]["content"]["application/json"]["schema"]
        check_schema(document, schema, response.json())


def check_schema(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    validator = Draft202012Validator({**schema, "components": document["components"]}, format_checker=FORMATS)
    mistakes = [f"{mistake.json_path}: {mistake.message}" for mistake in validator.iter_errors(value)]
    assert not mistakes, mistakes


def operation_for(document: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    """What the document says about this call; None for the document itself and addresses it does not know."""
    for pattern, operations in document["paths"].items():
        if re.fullmatch(PREFIX + re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None
