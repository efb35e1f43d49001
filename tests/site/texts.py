"""Which texts there are in code and templates, and which the Dutch catalogue has."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
KEYWORDS = {"_": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}


def texts_in_use() -> set[str | tuple[str, str]]:
    """Every text as a catalogue keys it: a sentence, or singular and plural."""

    def everywhere(_folder: str) -> bool:
        """Babel itself skips folders such as `_parts`."""
        return True

    methods = {"app": [("**.py", "python")], "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")]}
    options = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
    found = set()
    for folder, method in methods.items():
        texts = extract_from_dir(ROOT / folder, method, options, KEYWORDS, directory_filter=everywhere)
        for _file, _line, message, _comments, _context in texts:
            found.add(message if isinstance(message, str) else (message[0], message[1]))
    return found - {""}


def texts_in_catalogue(locale: str) -> dict[str | tuple[str, str], str | tuple[str, ...]]:
    path = ROOT / "app" / "locales" / f"{locale}.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    return {entry.id if isinstance(entry.id, str) else tuple(entry.id): entry.string for entry in catalogue if entry.id}


if __name__ == "__main__":
    used, known = texts_in_use(), texts_in_catalogue("nl")
    for text in sorted(map(str, used - set(known))):
        print("missing:", text)
    for text in sorted(map(str, set(known) - used)):
        print("unused:", text)
