"""Texts in templates that have nothing to fill in are translated once, when the template is compiled.

There is an environment per language, so what a text becomes is known by then; a page has hundreds of them.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

TRANSLATING = ("_", "gettext")


def translating_with(gettext: Callable[[str], str]) -> type[CodeGenerator]:
    class TranslatingGenerator(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
            super().visit_Template(_Translator(gettext).visit(node), frame)

    return TranslatingGenerator


class _Translator(NodeTransformer):
    def __init__(self, gettext: Callable[[str], str]) -> None:
        self.gettext = gettext

    def visit_Call(self, call: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:
        self.generic_visit(call, *args, **kwargs)
        if not _is_plain_text(call):
            return call
        # Jinja takes every text for a format, also without anything to fill in.
        text = self.gettext(call.args[0].value) % {}  # type: ignore[attr-defined]
        return nodes.MarkSafe(nodes.Const(text, lineno=call.lineno), lineno=call.lineno)


def _is_plain_text(call: nodes.Call) -> bool:
    return (
        isinstance(call.node, nodes.Name)
        and call.node.name in TRANSLATING
        and len(call.args) == 1
        and isinstance(call.args[0], nodes.Const)
        and not (call.kwargs or call.dyn_args or call.dyn_kwargs)
    )
