"""A friendly name to start with; nobody has to give their own."""

from secrets import choice, randbelow

WORDS = {
    "nl": [
        "Duinroos",
        "Stormvogel",
        "Zeewind",
        "Helmgras",
        "Strandloper",
        "Fietsbel",
        "Schelp",
        "Vlieger",
        "Anker",
    ],
    "en": [
        "Dune rose",
        "Seabird",
        "Sea wind",
        "Marram",
        "Sandpiper",
        "Bicycle bell",
        "Seashell",
        "Kite",
        "Anchor",
    ],
}


def suggested_name(locale: str) -> str:
    return f"{choice(WORDS.get(locale, WORDS['nl']))} {randbelow(9000) + 1000}"
