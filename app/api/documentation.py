"""The OpenAPI document: what every call has in common is written once here (NL API Design Rules 2.2)."""

from email.utils import parseaddr
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from app.api import schemas
from app.settings import Settings

CHAPTERS: list[dict[str, Any]] = [
    {"name": "Issues", "description": "Local problems that residents filed."},
    {"name": "Votes", "description": "One per person and issue."},
    {"name": "Comments", "description": "The discussion under an issue, two levels deep."},
    {"name": "Themes", "description": "What the city works on, with its goals."},
    {"name": "Neighbourhoods", "description": "Areas with their national code."},
    {"name": "Pilots", "description": "Trials of an answer to a problem."},
]
INTRODUCTION = """
Reading is open to everybody. Writing needs a token: `Authorization: Bearer <token>`.

Lists come in pages; follow `links.next`. Errors are problem details (RFC 9457).
`Accept-Language` (`nl` or `en`) decides the language of reasons and errors.
"""
POINTERS = {"after", "Idempotency-Key"}
"""Parameters that point at something which may not be there, or not be public any more."""
UNSAFE = {"post", "put", "delete"}
PROBLEMS = {
    "400": "Something in the call cannot be accepted; `errors` says what.",
    "401": "The token is missing or not valid.",
    "403": "The person may not write now.",
    "404": "There is no such thing, or it is not public.",
    "406": "Only JSON can be had here.",
    "409": "It cannot be done as things stand now.",
    "413": "More than is taken in at once.",
    "415": "Not JSON.",
    "429": "Too much at once; `Retry-After` says how many seconds to wait.",
    "500": "A mistake on our side.",
    "503": "Temporarily not available; `Retry-After` says how many seconds to wait.",
}
HEADERS: dict[str, Any] = {
    "API-Version": {"description": "The version of this API.", "schema": {"type": "string"}},
    "Link": {"description": "The next page, if there is one (RFC 8288).", "schema": {"type": "string"}},
    "Location": {"description": "Where the new issue is.", "schema": {"type": "string"}},
    "Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "How to authenticate (RFC 6750).", "schema": {"type": "string"}},
}
TAKEN = (schemas.NewIssue, schemas.NewComment, schemas.Problem)


def document(api: FastAPI, settings: Settings) -> dict[str, Any]:
    """Completes what FastAPI writes down by itself."""
    written = get_openapi(
        title=api.title,
        version=api.version,
        summary=api.summary,
        description=INTRODUCTION.strip(),
        license_info=api.license_info,
        servers=api.servers,
        tags=CHAPTERS,
        routes=api.routes,
    )
    written["info"]["contact"] = _contact(settings)
    parts = written["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    _names, definitions = models_json_schema(
        [(model, "validation") for model in TAKEN], ref_template="#/components/schemas/{model}"
    )
    parts["schemas"].update(definitions["$defs"])
    parts["headers"] = HEADERS
    parts["responses"] = {status: _problem(status, text) for status, text in PROBLEMS.items()}
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, operations in written["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return written


def _contact(settings: Settings) -> dict[str, str]:
    name, address = parseaddr(settings.mail_from)
    return {"name": name or "Buurtlab", "url": settings.base_url, "email": address}


def _problem(status: str, description: str) -> dict[str, Any]:
    headers = {"429": ["Retry-After"], "503": ["Retry-After"], "401": ["WWW-Authenticate"]}.get(status, [])
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ["API-Version", *headers]},
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    for status, response in responses.items():
        names = ["API-Version"] + (["Location"] if path == "/issues" and status == "201" else [])
        if any(each["name"] == "pageSize" for each in operation.get("parameters", ())):
            names.append("Link")
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    for status in _problems_of(path, method, operation):
        responses[status] = {"$ref": f"#/components/responses/{status}"}
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _never_null(parameter["schema"])
    if method in UNSAFE:
        operation["security"] = [{"token": []}]


def _problems_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    found = {"400", "401", "406", "500", "503"}
    if "{" in path or any(each["name"] in POINTERS for each in operation.get("parameters", ())):
        found.add("404")
    if method in UNSAFE:
        found |= {"403", "409", "413", "429"}
    if "requestBody" in operation:
        found.add("415")
    return sorted(found)


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter can be left out, but there is no way to write null in an address."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**{name: value for name, value in schema.items() if name != "anyOf"}, **kinds[0]}
