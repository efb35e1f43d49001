"""Words that name a solution: a pilot starts from the problem, and somebody who names one is asked what it is for."""

from app.core.language import words_of

# As people write them, in the singular; plurals and compounds that end in one of the long ones are found too.
PRODUCTS = (
    "app", "sensor", "camera", "bord", "matrixbord", "drempel", "dashboard", "drone", "robot", "chatbot", "website",
    "platform", "algoritme", "algorithm", "software", "scanner", "chip", "slagboom", "barrier", "paaltje", "bollard",
    "flitspaal", "bump", "hump", "led", "ledlamp", "smartphone", "tablet", "scherm", "screen", "beacon", "portaal",
    "portal", "blockchain", "laadpaal", "zonnepaneel", "hek", "hekken", "fence", "sign", "billboard", "wifi",
)  # fmt: skip
WAYS = (
    "ai", "iot", "slimme", "smart", "digitale", "digital", "digitaal", "kunstmatige", "automatische", "automatic",
    "installeren", "install", "ophangen", "aanschaffen", "inkopen", "uitrollen", "rollout",
)  # fmt: skip
LONG_ENOUGH_FOR_COMPOUNDS = 6
MOST_NAMED = 3
PLURALS = ("", "s", "en", "'s", "’s", "tje", "tjes", "je", "jes")


def solutions_named(text: str) -> list[str]:
    """The first few words of a text that name a product or a way to solve something, as they were written."""
    named = [word for word in words_of(text) if _names_a_product(word) or word in WAYS]
    return list(dict.fromkeys(named))[:MOST_NAMED]


def _names_a_product(word: str) -> bool:
    return any(
        word.endswith(product + plural) and _is_the_word(word, product, plural)
        for product in PRODUCTS
        for plural in PLURALS
    )


def _is_the_word(word: str, product: str, plural: str) -> bool:
    return word == product + plural or len(product) >= LONG_ENOUGH_FOR_COMPOUNDS
