"""A model of sentence embeddings in a kilobyte: a real ONNX graph with a real tokenizer, that knows six words.

What the words mean is laid down below: those about water point one way, those about darkness another.
"""

import json
import struct
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

WATER, DARK, NOTHING = (1.0, 0.0, 0.05), (0.0, 1.0, 0.05), (0.0, 0.0, 0.0)
MEANINGS = {
    "[PAD]": NOTHING,
    "[UNK]": NOTHING,
    "zwomp": WATER,
    "hoosbui": WATER,
    "kelders": WATER,
    "duusternis": DARK,
    "onverlichte": DARK,
    "zonsondergang": DARK,
}
FLOAT, INT64 = 1, 7


def write_model(folder: Path) -> Path:
    """As sentence-transformers lays it out."""
    (folder / "onnx").mkdir(parents=True)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_mean_tokens": True}))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 64}))
    words = Tokenizer(WordLevel({word: at for at, word in enumerate(MEANINGS)}, unk_token="[UNK]"))
    words.normalizer, words.pre_tokenizer = Lowercase(), Whitespace()
    words.save(str(folder / "tokenizer.json"))
    (folder / "onnx" / "model.onnx").write_bytes(graph_of(list(MEANINGS.values())))
    return folder


def graph_of(rows: list[tuple[float, ...]]) -> bytes:
    """One node: the row of each word. Written by hand, after the messages of onnx.proto."""
    width = len(rows[0])
    raw = b"".join(struct.pack("<f", value) for row in rows for value in row)
    table = number(1, len(rows)) + number(1, width) + number(2, FLOAT) + text(8, "table") + block(9, raw)
    node = text(1, "table") + text(1, "input_ids") + text(2, "last_hidden_state") + text(4, "Gather")
    graph = block(1, node) + text(2, "tiny") + block(5, table)
    graph += block(11, value_info("input_ids", INT64, ["batch", "words"]))
    graph += block(11, value_info("attention_mask", INT64, ["batch", "words"]))
    graph += block(12, value_info("last_hidden_state", FLOAT, ["batch", "words", width]))
    return number(1, 8) + block(7, graph) + block(8, text(1, "") + number(2, 13))


def value_info(name: str, kind: int, shape: Iterable[str | int]) -> bytes:
    dimensions = b"".join(block(1, text(2, each) if isinstance(each, str) else number(1, each)) for each in shape)
    return text(1, name) + block(2, block(1, number(1, kind) + block(2, dimensions)))


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def text(field: int, value: str) -> bytes:
    return block(field, value.encode())


def block(field: int, value: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])
