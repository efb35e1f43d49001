"""What the city publishes about the matching, in the form of the Dutch algorithm register.

Publication standard 1.0.0 of the Algoritmeregister: the keys below are those of its schema. The page says the same
texts in the reader's language, the record says them in Dutch, as the register asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from app.core.i18n import Text, _, translate
from app.matching.engine.ranking import ENGINE
from app.settings import Settings

NAME = _("Linking issues of residents to themes, pilots and similar issues")
SHORT = _(
    "When a resident files a problem, the computer compares the text and the place with the themes and pilots of the "
    "city and with earlier issues. It suggests links, with the reasons. People of the city team decide."
)


@dataclass(frozen=True)
class Section:
    """One field of the record: its key in the standard, a heading for the page, and paragraphs."""

    key: str
    heading: Text
    paragraphs: Sequence[Text]


SECTIONS = (
    Section(
        "goal",
        _("What it is for, and what it does to you"),
        (
            _(
                "Residents see at once whether somebody filed the same problem, so that they can support it together. "
                "The city team sees sooner which theme an issue belongs to and which pilot may help."
            ),
            _(
                "Nobody gets or loses a right by a link. Every issue is read by the city team, also when the computer "
                "finds nothing that fits."
            ),
        ),
    ),
    Section(
        "proportionality",
        _("What we weighed"),
        (
            _(
                "Reading everything by hand takes long, and people link what they happen to remember. A large language "
                "model from elsewhere would know more words, but nobody could check why it links something, and texts "
                "of residents would leave the city. We chose a way of working that can name its reasons."
            ),
        ),
    ),
    Section(
        "human_intervention",
        _("Who decides"),
        (
            _(
                "A link is a suggestion until somebody of the city team confirms or rejects it. What the team decided "
                "is not changed by the computer. Where the computer is not sure, it suggests nothing."
            ),
            _(
                "Do you find that a link does not fit? Open “Why is this linked?” at the issue and say so. The team "
                "sees it beside the suggestion. On your page, under “My data”, you can keep all your issues out of "
                "automatic linking."
            ),
        ),
    ),
    Section(
        "risks",
        _("What can go wrong"),
        (
            _(
                "The computer knows Dutch and English best. Texts in other languages, very short texts and words of "
                "your own get fewer or weaker suggestions. How many votes an issue has plays no part, so a busy "
                "neighbourhood does not push a quiet one aside. How often a theme was chosen before does count a "
                "little: therefore we compare each month what was suggested with what the team decided, and publish it "
                "on this page."
            ),
        ),
    ),
    Section(
        "source_data",
        _("What it looks at"),
        (
            _(
                "The title and the text of the issue, the place as the resident gave it (exact or around there), the "
                "moment, and the theme if the resident chose one. On the other side: names, descriptions and keywords "
                "of themes, problem statements and areas of pilots, earlier issues, and earlier decisions of the team."
            ),
            _(
                "When people react, it also looks at what the comments below an issue are about, and whether those who "
                "support it also support issues that are linked to a pilot. That counts from five people on and for "
                "all of them together, never for one person. Comments that are hidden or deleted do not count."
            ),
            _(
                "It does not look at who you are: no name, no address of yours, no photos. What you typed is not sent "
                "to anybody else."
            ),
        ),
    ),
    Section(
        "methods_and_models",
        _("How it works"),
        (
            _(
                "Words are brought back to their stems and long Dutch words are taken apart. Rare words count for more "
                "than words that are in every text. Then it is added up how much the words, the keywords, the "
                "distance, the time and the earlier decisions speak for each theme, pilot or issue."
            ),
            _(
                "It also has a list of more than 150 problems of neighbourhood life, each with the words and phrases "
                "that people use for it. That is how it sees that two texts in other words are about the same thing. "
                "The city can change the list."
            ),
            _(
                "The list grows from decisions, too: when at least three residents say the same in words that it does "
                "not have, hardly anybody else uses those words, and the team linked their issues to the same pilot, "
                "the words are learned. The team sees from which issues they come, and keeps or refuses them. Names, "
                "numbers and addresses are never learned, and what was learned goes when the issues or decisions go."
            ),
            _(
                "A city can add a model that compares sentences by their meaning, on its own computer. Where such a "
                "model spoke for a link, the reason says so."
            ),
            _(
                "It learns from decisions: when the team chooses a theme, the words of that issue weigh a little more "
                "for it from then on. There is no other training. The same data always give the same answer."
            ),
            _(
                "People do not see a score but a word: likely, possible, or nothing when it is not sure. The two to "
                "four reasons that weighed most are shown with every link."
            ),
        ),
    ),
)


def record(city: str, settings: Settings, quality: str) -> dict[str, Any]:
    """The record as the register takes it; `quality` is what was measured in this city, in Dutch."""
    base = settings.base_url.rstrip("/")
    texts = {section.key: _as_html(section) for section in SECTIONS}
    texts["methods_and_models"] += f"<p>{quality}</p>"
    return {
        "name": translate(NAME, "nl"),
        "description_short": translate(SHORT, "nl"),
        "organization": city[:100] or "Buurtlab",
        "category": ["Ruimte en infrastructuur", "Organisatie en bedrijfsvoering"],
        "status": "In gebruik",
        "contact_email": parseaddr(settings.mail_from)[1],
        "website": f"{base}/about/matching",
        "publication_category": "Overige algoritmes",
        "url": f"{base}/about/matching.json",
        **texts,
        "provider": "Buurtlab",
        "lang": "NLD",
        "standard_version": "1.0.0",
        "source_id": f"buurtlab-matching-{ENGINE}",
    }


def _as_html(section: Section) -> str:
    """With the few tags that the standard allows."""
    return "".join(f"<p>{translate(paragraph, 'nl')}</p>" for paragraph in section.paragraphs)
