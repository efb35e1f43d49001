"""The published document, held against the NL API Design Rules 2.2 and against itself."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from app.api import schemas
from tests.api.checking import Caller, document_of

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
def document(anybody: Caller) -> dict[str, Any]:
    got = anybody.get("/openapi.json")
    assert got.status_code == 200
    written: dict[str, Any] = got.json()
    return written


def operations_of(document: dict[str, Any]) -> Iterator[Operation]:
    found = [
        (path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    assert len(found) >= 12
    yield from found


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while reference := part.get("$ref"):
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
    return part


def references_in(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            yield from references_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from references_in(value)


def test_it_says_who_and_where(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    assert all(document["info"]["contact"][part] for part in ("name", "url", "email"))
    assert document["servers"]
    assert all(re.search(r"/v\d", server["url"]) for server in document["servers"])


def test_paths_and_query_keys_are_spelled_by_the_rules(document: dict[str, Any]) -> None:
    for path, _method, operation in operations_of(document):
        segments = path.strip("/").split("/")
        assert all(re.fullmatch(r"[a-z0-9-]+|\{\w+\}", segment) for segment in segments), path
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                assert re.fullmatch(r"\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*", parameter["name"])


def test_names_are_unique_and_spelled_alike(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations_of(document)]
    assert len(set(names)) == len(names)
    tags = [tag["name"] for tag in document["tags"]]
    assert len(set(tags)) == len(tags)
    assert {tag for _p, _m, operation in operations_of(document) for tag in operation["tags"]} == set(tags)
    assert all(re.fullmatch(r"([A-Z][a-z0-9]*)+", name) for name in document["components"]["schemas"])


def test_every_answer_is_described(document: dict[str, Any]) -> None:
    for path, method, operation in operations_of(document):
        answers = operation["responses"]
        assert {"400", "401", "406", "500", "503"} <= set(answers), (path, method)
        assert "422" not in answers
        for status, reference in answers.items():
            answer = resolved(document, reference)
            assert "API-Version" in answer["headers"], (path, method, status)
            (kind,) = answer["content"]
            schema = resolved(document, answer["content"][kind]["schema"])
            if status >= "400":
                assert kind == "application/problem+json"
                assert {"status", "title", "detail"} <= set(schema["properties"])
            else:
                assert kind == "application/json"
                assert schema["properties"]


def test_writing_needs_a_token_and_can_be_too_much(document: dict[str, Any]) -> None:
    for _path, method, operation in operations_of(document):
        writes = method != "get"
        assert ("security" in operation) == writes
        assert ({"403", "409", "413", "429"} <= set(operation["responses"])) == writes
        assert ("requestBody" in operation) == (method == "post")
    assert document["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_moments_have_their_format_and_dates_their_name(document: dict[str, Any]) -> None:
    moments = 0
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            assert re.fullmatch(r"[a-z][A-Za-z0-9]*", field), f"{name}.{field}"
            assert not field.endswith("Date"), "a field of that name holds a date, without a time"
            if field.endswith("At"):
                formats = {described.get("format")} | {each.get("format") for each in described.get("anyOf", ())}
                assert "date-time" in formats, f"{name}.{field}"
                moments += 1
    assert moments >= 5


def test_everything_it_points_at_is_there_and_everything_there_is_pointed_at(
    document: dict[str, Any],
) -> None:
    references = set(references_in(document))
    for reference in references:
        assert resolved(document, {"$ref": reference})
    parts = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses", "headers")
        for name in document["components"][kind]
    }
    assert parts == references
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_it_describes_the_shapes_that_the_code_has(document: dict[str, Any]) -> None:
    written = document["components"]["schemas"]
    for name, shape in vars(schemas).items():
        if isinstance(shape, type) and issubclass(shape, BaseModel) and name in written:
            outside = {field.alias for field in shape.model_fields.values()}
            assert set(written[name]["properties"]) == outside


def test_the_checking_caller_notices_what_is_not_as_documented(app: FastAPI) -> None:
    document = document_of(app)
    document["components"]["schemas"]["Theme"]["required"].append("colour")
    caller = Caller(app)
    caller.document = document
    with pytest.raises(AssertionError, match="colour"):
        caller.get("/themes")
    del document["paths"]["/neighbourhoods"]["get"]["responses"]["200"]
    with pytest.raises(AssertionError, match="200 is not documented"):
        caller.get("/neighbourhoods")
