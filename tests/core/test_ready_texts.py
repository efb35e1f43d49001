"""Texts translated when a template is compiled read exactly like those translated when it is shown."""

from collections.abc import Callable

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from app.core.ready_texts import translating_with

DUTCH = {"Home": "Thuis", "50%% more": "50%% meer", "<b>Bold</b>": "<b>Vet</b>", "Hello %(name)s": "Dag %(name)s"}
TEMPLATES = {
    "call": "{{ _('Home') }}",
    "block": "{% trans %}Home{% endtrans %}",
    "percent": "{{ _('50%% more') }}{% trans %}50% more{% endtrans %}",
    "markup": "{{ _('<b>Bold</b>') }}{% trans %}<b>Bold</b>{% endtrans %}",
    "joined": "{{ _('Home') ~ unsafe }}{{ unsafe ~ _('<b>Bold</b>') }}",
    "filled": "{{ _('Hello %(name)s', name=unsafe) }}{% trans name=unsafe %}Hello {{ name }}{% endtrans %}",
    "plural": "{% trans n=2 %}One{% pluralize %}{{ n }} things{% endtrans %}",
    "chosen": "{{ {'a': _('Home')}[key] }}{% if _('Home') == 'Thuis' %}yes{% endif %}",
    "attribute": '<a title="{{ _("Home") }}" class="{{ unsafe }}">',
    "not a constant": "{{ _(key) }}",
    "unknown": "{{ _('Nobody translated this') }}",
    "in a macro": "{% macro m(x) %}{{ _('Home') }}{{ x }}{% endmacro %}{{ m(_('<b>Bold</b>')) }}",
}


def translate(text: str) -> str:
    return DUTCH.get(text, text)


def environment(gettext: Callable[[str], str]) -> Environment:
    jinja = Environment(
        loader=DictLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    jinja.install_gettext_callables(gettext, lambda one, many, n: one if n == 1 else many, newstyle=True)  # type: ignore[attr-defined]
    return jinja


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_reads_the_same(name: str) -> None:
    context = {"unsafe": "<script>&", "key": "a"}
    usual, ready = environment(translate), environment(translate)
    ready.code_generator_class = translating_with(translate)
    assert ready.get_template(name).render(context) == usual.get_template(name).render(context)


def test_nothing_is_looked_up_while_a_page_is_shown() -> None:
    asked: list[str] = []

    def remember(text: str) -> str:
        asked.append(text)
        return translate(text)

    jinja = environment(remember)
    jinja.code_generator_class = translating_with(translate)
    assert jinja.get_template("block").render() == "Thuis"
    assert jinja.get_template("call").render() == "Thuis"
    assert asked == []
