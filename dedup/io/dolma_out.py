"""Dolma documents and attributes: the input texts, and beside them the spans that are to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dedup.io.corpus_out import HashedFile
from dedup.io.packing import packing_file
from dedup.io.rows import to_json

if TYPE_CHECKING:
    from pathlib import Path

    from dedup.model import Edits

SHARD_BYTES: Final = 256 << 20  # of text in a file: dolma works on files side by side
REASONS: Final = ("boilerplate", "repeated", "duplicate", "remnant", "whitespace")
TOP: Final = ("added", "created")  # fields that dolma knows beside id, text, source and metadata
EXPERIMENT: Final = "dedup"


class DolmaWriter:
    """`documents/corpus-0000.jsonl.gz`, ... and, line by line beside them, `attributes/dedup/corpus-0000.jsonl.gz`, ..."""

    def __init__(self, folder: Path) -> None:
        """Files go below `folder`."""
        self._folders = (folder / "documents", folder / "attributes" / EXPERIMENT)
        for each in self._folders:
            each.mkdir(parents=True)
        self._files: list[_Packed] = []
        self._hashes: dict[str, str] = {}
        self._shards = self._bytes = 0

    def write(self, identity: str, text: str, source: str, fields: dict[str, Any]) -> None:
        """Output documents have no place in this format: `page` takes the inputs."""

    def page(self, identity: str, text: str, source: str, fields: dict[str, Any], edits: Edits) -> None:
        """An input document, and what is done to it."""
        if not self._files or self._bytes >= SHARD_BYTES:
            self._next_shard()
        self._bytes += len(text)
        documents, attributes = self._files
        document: dict[str, Any] = {"id": identity, "text": text, "source": source}
        document |= {name: fields[name] for name in TOP if isinstance(fields.get(name), str)}
        document["metadata"] = {name: value for name, value in fields.items() if name not in document}
        documents.write(to_json(document))
        attributes.write(to_json({"id": identity, "source": source, "attributes": spans(text, edits)}))

    def _next_shard(self) -> None:
        self._close_shard()
        name = f"corpus-{self._shards:04}.jsonl.gz"
        self._files = [_Packed(folder / name, f"{folder.name}/{name}") for folder in self._folders]
        self._shards += 1
        self._bytes = 0

    def _close_shard(self) -> None:
        for file in self._files:
            self._hashes |= file.close()

    def close(self) -> dict[str, str]:
        """Finish the files."""
        if not self._files:
            self._next_shard()
        self._close_shard()
        return self._hashes


class _Packed:
    """A packed file, hashed as packed."""

    def __init__(self, path: Path, name: str) -> None:
        self._file = HashedFile(path, name)
        self._pack = packing_file(self._file, "gz")

    def write(self, data: bytes) -> None:
        self._pack.write(data)

    def close(self) -> dict[str, str]:
        self._pack.close()
        return self._file.close()


def spans(text: str, edits: Edits) -> dict[str, list[list[float]]]:
    """Spans by reason, each list there also when it is empty. No two overlap, so that all can be applied at once: of an
    appended article only what was not removed is `appended`. `empty` holds the whole text where nothing of it stays.
    """
    found: dict[str, list[list[float]]] = {f"{EXPERIMENT}__{name}": [] for name in (*REASONS, "appended", "empty")}
    for removal in edits.removals:
        score = 1.0 if removal.similarity is None else removal.similarity
        found[f"{EXPERIMENT}__{removal.reason}"].append([removal.start, removal.end, score])
    for move in edits.moves:
        at = move.start
        for removal in edits.removals:
            if move.start <= removal.start < move.end:
                found[f"{EXPERIMENT}__appended"] += [[at, removal.start, 1.0]] if at < removal.start else []
                at = removal.end
        found[f"{EXPERIMENT}__appended"] += [[at, move.end, 1.0]] if at < move.end else []
    gone = sum(int(end - start) for each in found.values() for start, end, _ in each)
    if gone == len(text):
        found[f"{EXPERIMENT}__empty"].append([0, len(text), 1.0])
    return found
