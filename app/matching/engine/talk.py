"""How people talk below an issue and who supports it, as evidence: what comments are about, and what else its
supporters support. Comments are read into concepts only: their words are named and kept nowhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.matching.engine.meaning import Common
from app.matching.engine.suggestion import Reason, ReasonCode
from app.matching.thesaurus.expressions import Meaning, Thesaurus

VOICE = 0.5  # what one person says about an issue makes us so sure of
FEWEST_SUPPORTERS = 5  # fewer are not spoken of: nobody is to be recognised
DOUBT = 5.0  # supporters that are not there; keeps a few from deciding


@dataclass(frozen=True)
class Talk:
    """`meaning` says what the comments are about, `people` how many said so, by concept.

    `supported` holds per pilot how many of the `supporters` support other issues that it answers, `usual` the share
    of all people who do.
    """

    meaning: Meaning = field(default_factory=Meaning)
    people: Mapping[str, int] = field(default_factory=dict)
    supporters: int = 0
    supported: Mapping[int, int] = field(default_factory=dict)
    usual: Mapping[int, float] = field(default_factory=dict)

    def shares(self) -> dict[int, float]:
        """Per pilot between 0 and 1: of the supporters, how many more support it, too, than of people at large."""
        return {
            pilot: max(0.0, count - self.usual.get(pilot, 0.0) * self.supporters) / (self.supporters + DOUBT)
            for pilot, count in self.supported.items()
            if count >= FEWEST_SUPPORTERS
        }


SILENCE = Talk()


def said_about(voices: Iterable[tuple[str, str]], thesaurus: Thesaurus) -> tuple[Meaning, dict[str, int]]:
    """What people say; a voice is a language and all that one person writes, however often."""
    left: dict[str, float] = {}
    people: dict[str, int] = defaultdict(int)
    for language, text in voices:
        for code, strength in thesaurus.read("", text, language).strengths.items():
            left[code] = left.get(code, 1.0) * (1.0 - VOICE * strength)
            people[code] += 1
    return Meaning({code: 1.0 - rest for code, rest in left.items()}, dict.fromkeys(left, ())), dict(people)


def talk_reasons(weight: float, common: Iterable[Common], talk: Talk, thesaurus: Thesaurus) -> list[Reason]:
    """One for each concept, with its part of the weight."""
    return [
        Reason(
            ReasonCode.TALK,
            weight * each.share,
            {"nl": each.nl, "en": each.en, "people": _people_for(each.code, talk, thesaurus)},
        )
        for each in common
    ]


def _people_for(code: str, talk: Talk, thesaurus: Thesaurus) -> int:
    """Who mentioned it, or something that it is wider than."""
    return max((count for said, count in talk.people.items() if code in thesaurus.wider(said)), default=0)
