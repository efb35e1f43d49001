"""Every template is used, every fragment says on its first line what it needs, and needs no more than that."""

import re
from pathlib import Path

import pytest
from jinja2 import meta, nodes
from starlette.routing import Match

from app.core.templates import TEMPLATES, environment
from app.core.web import page_context
from app.pages import ROUTERS

ALL = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())
FRAGMENTS = [name for name in ALL if Path(name).name.startswith("_")]
CONTEXT = {
    "viewer",
    "forgot_viewer",
    "city",
    "here",
    "here_and_query",
    "notice",
    "base_url",
    "in_development",
    "style_address",
    "tiles_url",
    "tiles_attribution",
}
LINKS = re.compile(r'\b(?:href|action|formaction|hx-get|hx-post)="(/(?!dev/)[^"{?#]*)(?:[?#][^"]*)?"')
NEEDS = re.compile(r"\{#\s*needs:(.*?)#\}", re.S)


def source_of(name: str) -> str:
    return (TEMPLATES / name).read_text()


def declared(name: str) -> set[str]:
    """What the first line of a fragment says it needs."""
    found = NEEDS.match(source_of(name))
    assert found, f"{name} does not start with {{# needs: … #}}"
    return {part.strip() for part in found.group(1).split(",") if part.strip() not in ("", "nothing")}


def test_there_are_templates() -> None:
    assert len(ALL) > 20
    assert len(FRAGMENTS) > 10


def test_the_context_of_pages_is_what_we_think() -> None:
    body = Path(page_context.__code__.co_filename).read_text()
    assert all(f'"{name}":' in body for name in CONTEXT)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_needs_only_what_it_declares(name: str) -> None:
    jinja = environment("en")
    tree = jinja.parse(source_of(name))
    extra = meta.find_undeclared_variables(tree) - declared(name) - CONTEXT - set(jinja.globals) - own_names(tree)
    assert not extra, f"{name} uses {extra} without declaring it"


def own_names(tree: nodes.Template) -> set[str]:
    """What a fragment sets itself, perhaps in a branch or a loop."""
    targets = [each.target for each in tree.find_all((nodes.Assign, nodes.For))]
    with_names = [target for each in tree.find_all(nodes.With) for target in each.targets]
    return {
        name.name
        for each in [*targets, *with_names]
        for name in [each, *each.find_all(nodes.Name)]
        if isinstance(name, nodes.Name)
    }


@pytest.mark.parametrize("name", FRAGMENTS)
def test_what_a_fragment_declares_is_used_by_it_or_what_it_includes(name: str) -> None:
    words = " ".join([source_of(name).split("#}", 1)[1], *(source_of(included) for included in includes_of(name))])
    unused = {needed for needed in declared(name) if not re.search(rf"\b{needed}\b", words)}
    assert not unused


def includes_of(name: str) -> set[str]:
    """Templates that this one includes, imports or extends, directly or further down."""
    tree = environment("en").parse(source_of(name))
    direct: set[str] = set()
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        direct |= {
            each.value for each in node.find_all(nodes.Const) if isinstance(each.value, str) and each.value in ALL
        }
    return direct | {further for each in direct if each != name for further in includes_of(each)}


def test_every_template_is_used() -> None:
    code = " ".join(path.read_text() for path in Path("app").rglob("*.py"))
    used = {name for name in ALL if f'"{name}"' in code}
    parts = ("subject.txt", "body.txt", "body.html")
    used |= {f"mail/{kind}.{part}" for kind in re.findall(r'"(\w+)"', code) for part in parts}
    for name in list(used & set(ALL)):
        used |= includes_of(name)
    assert not set(ALL) - used


@pytest.mark.parametrize("name", ALL)
def test_no_template_has_grown_too_long(name: str) -> None:
    assert len(source_of(name).splitlines()) <= 150


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_inline_or_unescaped(name: str) -> None:
    assert not re.search(r"\|\s*safe\b|style=\"|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=\"", source_of(name))


@pytest.mark.parametrize("name", ALL)
def test_every_import_is_used(name: str) -> None:
    tree = environment("en").parse(source_of(name))
    for node in tree.find_all(nodes.FromImport):
        for imported in node.names:
            local = imported[1] if isinstance(imported, tuple) else imported
            assert len(re.findall(rf"\b{local}\b", source_of(name))) > 1, f"{local} is imported but not used"


def test_every_address_that_is_written_down_exists() -> None:
    """A link on a page that hardly anybody opens can be wrong for long: nobody sees it but who presses it."""
    written = {(name, path) for name in ALL for path in LINKS.findall(source_of(name))}
    assert len(written) > 50
    assert not {(name, path) for name, path in written if not is_address(path)}


def is_address(path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    return any(route.matches(scope)[0] != Match.NONE for router in ROUTERS for route in router.routes)
