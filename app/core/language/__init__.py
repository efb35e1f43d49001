"""Words, stems and languages of what people write."""

from app.core.language.stemming import (
    WordStems,
    analyse_text,
    fold,
    guess_language,
    search_document,
    search_terms,
    stems,
    words_of,
)

__all__ = [
    "WordStems", "analyse_text", "fold", "guess_language", "search_document", "search_terms", "stems", "words_of",
]  # fmt: skip
