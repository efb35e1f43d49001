"""Sentence embeddings, for a city that installs them: texts as vectors that lie close when they mean the same.

Off unless `BUURTLAB_EMBEDDINGS` names a folder with a model as sentence-transformers lays it out: `tokenizer.json`, and
`model.onnx` there or in `onnx/`. The libraries of the extra `embeddings` are imported only then.
"""

import json
from array import array
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.core.logging import log
from app.settings import get_settings

MODELS = ("onnx/model_quantized.onnx", "onnx/model_qint8_avx512_vnni.onnx", "onnx/model.onnx", "model.onnx")
OUTPUTS = ("sentence_embedding", "last_hidden_state", "token_embeddings")
MOST_TOKENS = 256
# Texts with nothing in common: what a model finds alike in these is chance, and differs much from model to model.
UNRELATED = (
    "De bus komt niet op tijd.",
    "There is too little shade in the playground.",
    "Wij zoeken een zaal voor ons koor.",
    "Somebody painted on the wall of the school.",
    "De prullenbak is vol.",
    "My grandmother cannot open the door of the lift.",
)

Vector = Sequence[float]


class UnusableModel(Exception):
    """What is wrong with the folder, in a sentence."""


class Encoder:
    """One model. `name` changes with its files, so that vectors of another model are told apart."""

    def __init__(self, folder: Path) -> None:
        model = next((folder / name for name in MODELS if (folder / name).is_file()), None)
        words = folder / "tokenizer.json"
        if model is None or not words.is_file():
            raise UnusableModel(f"{folder} holds no model.onnx and tokenizer.json.")
        self.name = _name_of(model, words)
        self._tokens, self._session = _tokenizer(folder, words), _session(model)
        self._inputs = [each.name for each in self._session.get_inputs()]
        outputs = [each.name for each in self._session.get_outputs()]
        self._output = next((name for name in OUTPUTS if name in outputs), outputs[0])
        self._by_first_token = _pools_by_first_token(folder)
        self.chance = _mean_likeness(self.encode(UNRELATED))

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Each of length 1."""
        import numpy

        tokens = self._tokens.encode_batch(list(texts))
        mask = numpy.array([each.attention_mask for each in tokens], dtype=numpy.int64)
        given = {
            "input_ids": numpy.array([each.ids for each in tokens], dtype=numpy.int64),
            "attention_mask": mask,
            "token_type_ids": numpy.zeros_like(mask),
        }
        (found,) = self._session.run([self._output], {name: given[name] for name in self._inputs})
        if found.ndim == 3:
            weights = mask[:, :, None]
            mean = (found * weights).sum(1) / numpy.maximum(weights.sum(1), 1)
            found = found[:, 0] if self._by_first_token else mean
        lengths = numpy.linalg.norm(found, axis=1, keepdims=True)
        return [array("f", each) for each in (found / numpy.maximum(lengths, 1e-9)).astype("float32").tolist()]

    def likeness(self, product: float) -> float:
        """Between 0 (no more alike than any two texts) and 1 (the same)."""
        return max(0.0, min(1.0, (product - self.chance) / max(1e-6, 1.0 - self.chance)))


def encoder() -> Encoder | None:
    """The model of this city; None without one, and where it cannot be used, which `buurtlab check` explains."""
    return _encoder_in(get_settings().embeddings)


@cache
def _encoder_in(folder: str) -> Encoder | None:
    try:
        return open_model(folder) if folder else None
    except UnusableModel as problem:
        log.error("embeddings", problem=str(problem))
        return None


def open_model(folder: str) -> Encoder:
    """Raises UnusableModel with a sentence about what is wrong."""
    try:
        return Encoder(Path(folder))
    except ImportError as error:
        raise UnusableModel(f"{error.name} is not installed; it comes with the extra `embeddings`.") from error
    except UnusableModel:
        raise
    except Exception as error:  # whatever a library makes of a broken file
        reason = str(error).partition("\n")[0][:200]
        raise UnusableModel(f"{folder} cannot be read: {reason}") from error


def product(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _mean_likeness(vectors: Sequence[Vector]) -> float:
    pairs = [product(one, other) for at, one in enumerate(vectors) for other in vectors[at + 1 :]]
    return sum(pairs) / len(pairs)


def _name_of(*files: Path) -> str:
    whole = sha256()
    for file in files:
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()[:16]


def _tokenizer(folder: Path, words: Path) -> Any:
    from tokenizers import Tokenizer

    tokens = Tokenizer.from_file(str(words))
    longest = _read(folder / "sentence_bert_config.json").get("max_seq_length") or MOST_TOKENS
    tokens.enable_truncation(min(int(longest), MOST_TOKENS))
    padding = tokens.padding or {}
    tokens.enable_padding(pad_id=padding.get("pad_id", 0), pad_token=padding.get("pad_token", "[PAD]"))
    return tokens


def _session(model: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the same sum in the same order, and one request
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _pools_by_first_token(folder: Path) -> bool:
    return bool(_read(folder / "1_Pooling" / "config.json").get("pooling_mode_cls_token"))


def _read(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}
