"""Takes compounds apart: "fietsenstallingen" is about a fiets and a stalling; a "streetlight" is a light."""

from functools import cache

from app.core.language.lexicon import DUTCH_PARTS, ENGLISH_PARTS

SHORTEST_COMPOUND = 6
LONGEST_COMPOUND = 40
SHORTEST_PART = 3
LONG_PART = 5  # a known part of this length may stand beside a remainder that is in no list
SHORTEST_REMAINDER = 4
VOWELS = frozenset("aeiouy")
# What follows a known word here is an ending, not a second word: "buurtloos", "parkachtig".
ENDINGS = """
achtig achtige aars baar bare dommen eerde eerden eert elijk elijke ende eren erend erende erig erige ering
heden heid ingen isch ische lijk lijke loos loze matig matige schap schappen tjes zaam zame able ation ings
less ment ness
"""
# What precedes a known word here is a prefix: "onverlicht" is not a kind of light.
PREFIXES = "over onder onver veron herbe herver gever inter anti semi"
NO_SECOND_WORD = frozenset(ENDINGS.split())
NO_FIRST_WORD = frozenset(PREFIXES.split())


def split_compound(word: str, language: str) -> tuple[str, ...]:
    """The parts of a folded word, in the singular: ("fiets", "stalling"); () if it is no compound."""
    if not SHORTEST_COMPOUND <= len(word) <= LONGEST_COMPOUND:
        return ()
    lefts, heads = word_forms(language)
    if word in heads:
        return ()
    return split_fully(word, lefts, heads, depth=3) or split_partly(word, lefts, heads)


def split_fully(word: str, lefts: dict[str, str], heads: dict[str, str], depth: int) -> tuple[str, ...]:
    """Longest first part first; every part known."""
    if depth < 2:
        return ()
    for at in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        left = lefts.get(word[:at])
        if left is None:
            continue
        if head := heads.get(word[at:]):
            return (left, head)
        if rest := split_fully(word[at:], lefts, heads, depth - 1):
            return (left, *rest)
    return ()


def split_partly(word: str, lefts: dict[str, str], heads: dict[str, str]) -> tuple[str, ...]:
    """One long known part and a remainder: "kastanjelaantje" is about a laan, whatever a kastanje is."""
    for at in range(SHORTEST_REMAINDER, len(word) - LONG_PART + 1):
        if (head := heads.get(word[at:])) and VOWELS & set(word[:at]) and word[:at] not in NO_FIRST_WORD:
            return (word[:at], head)
    for at in range(len(word) - SHORTEST_REMAINDER, LONG_PART - 1, -1):
        if (left := lefts.get(word[:at])) and VOWELS & set(word[at:]) and word[at:] not in NO_SECOND_WORD:
            return (left, word[at:])
    return ()


@cache
def word_forms(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """(forms that may stand before another part, forms that may stand last), each form with its word."""
    lefts: dict[str, str] = {}
    heads: dict[str, str] = {}
    words = sorted(set((DUTCH_PARTS if language == "nl" else ENGLISH_PARTS).split()))
    for word in words:
        for form in [
            word,
            *(dutch_forms(word) if language == "nl" else english_forms(word)),
        ]:
            heads.setdefault(form, word)
    for form, word in heads.items():
        lefts.setdefault(form, word)
        if language == "nl":
            lefts.setdefault(form + "s", word)
    for word in words:  # a listed word is itself, whatever else it could be a form of
        heads[word] = lefts[word] = word
    return lefts, heads


def english_forms(word: str) -> list[str]:
    return [word + "s", word + "es"]


def dutch_forms(word: str) -> list[str]:
    """Plurals and diminutives by the spelling rules: boom bomen, rat ratten, huis huizen, bank bankje."""
    plain = word + "en"
    forms = [
        word + "s",
        word + "e",
        plain,
        word + "je",
        word + "jes",
        word + "tje",
        word + "tjes",
    ]
    if len(word) < 3 or word[-1] in VOWELS:
        return [*forms, word + "n"]
    last = {"f": "v", "s": "z"}.get(word[-1], word[-1])
    if word[-2] in VOWELS and word[-2] == word[-3]:
        forms += [word[:-2] + word[-1] + "en", word[:-2] + last + "en"]
    elif word[-2] in VOWELS and word[-3] not in VOWELS:
        forms += [word + word[-1] + "en", word + word[-1] + "e"]
    else:
        forms += [word[:-1] + last + "en"]
    return forms
