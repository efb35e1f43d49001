"""Words, stems and languages of what people write."""

from app.core.language.stemming import (
    WordStems,
    analyse,
    analyse_text,
    fold,
    guess_language,
    search_document,
    search_terms,
    stems,
    words_of,
)
from app.core.language.stopwords import stopwords

__all__ = [
    "WordStems",
    "analyse",
    "analyse_text",
    "fold",
    "guess_language",
    "search_document",
    "search_terms",
    "stems",
    "stopwords",
    "words_of",
]
