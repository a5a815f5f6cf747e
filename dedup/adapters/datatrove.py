"""Steps for datatrove pipelines: `Strip`, a map over the stream of documents, and `Clean`, the whole job over a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dedup.config import Config, configure
from dedup.each import StripResult, removal_rows, strip_changed, strip_config
from dedup.errors import UsageError
from dedup.extras import need

need("datatrove", "datatrove")
from datatrove.data import Document  # noqa: E402 - what is missing is said in words first
from datatrove.pipeline.base import PipelineStep  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BATCH_CHARACTERS: Final = 4 << 20  # of text stripped in one go: enough that a call costs nothing, little in memory


class Strip(PipelineStep):  # type: ignore[misc]  # datatrove ships no types
    """Strips every document on its own: packs and structure.

    `removed`: note what went in the document's metadata under `removed`. `options` are those of `dedup.strip`; `source_key`
    names the metadata field that holds the site. With `appended="split"` an appended article follows its page, with the id
    `<id>#2` and a copy of its metadata. A document of which nothing stays is dropped, and counted; one whose text cannot be
    read is passed on as it is, and counted.
    """

    type = "🫧 - DEDUP"
    name = "✂️ strip"

    def __init__(self, *, removed: bool = False, **options: Any) -> None:
        """Raises UsageError for an unknown option."""
        super().__init__()
        self.removed = removed
        self.config = strip_config({"threads": 1} | options)

    def run(self, data: Iterable[Document] | None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Batches in, documents out, in order."""
        batch: list[Document] = []
        size = 0
        for document in data or ():
            batch.append(document)
            size += len(document.text)
            if size >= BATCH_CHARACTERS:
                yield from self._strip(batch)
                batch, size = [], 0
        yield from self._strip(batch)

    def _strip(self, batch: list[Document]) -> Iterator[Document]:
        with self.track_time("batch"):
            sources = [document.metadata.get(self.config.source_key) for document in batch]
            found = dict(strip_changed([document.text for document in batch], sources, self.config))
        for number, document in enumerate(batch):
            self.stat_update("total")
            result = found.get(number)
            if not isinstance(result, StripResult):
                if result is not None:
                    self.stat_update("unreadable")
                yield from self._forward(document) if document.text else self._drop()
                continue
            self.stat_update("changed")
            for removal in result.removals:
                self.stat_update(f"removed_{removal.reason}", value=removal.end - removal.start, unit="removal")
            metadata = dict(document.metadata)
            if self.removed:
                document.metadata["removed"] = removal_rows(document.text, result)
            document.text = result.text
            yield from self._forward(document) if result.text else self._drop()
            for part, text in zip(result.parts, result.appended, strict=True):
                self.stat_update("appended")
                yield from self._forward(Document(text, f"{document.id}#{part}", list(document.media), dict(metadata)))

    def _forward(self, document: Document) -> Iterator[Document]:
        self.stat_update("forwarded")
        self.update_doc_stats(document)
        yield document

    def _drop(self) -> Iterator[Document]:
        self.stat_update("dropped")
        yield from ()


class Clean(PipelineStep):  # type: ignore[misc]  # datatrove ships no types
    """The whole job over a folder of JSON lines: near-duplicates need all documents, so it runs in one task.

    `source`: the folder that a JsonlWriter filled (with `expand_metadata=True`, so that `source_key` is found and the fields
    go on as they are). `out`: the output folder of the run, with the ledger and the manifest. Everything that comes before it
    in its pipeline is finished first. It hands on nothing: a JsonlReader over `out` reads the corpus (`glob_pattern =
    Clean.CORPUS`), in the same pipeline, or in one with as many tasks as are liked.
    """

    type = "🫧 - DEDUP"
    name = "🧹 clean"
    CORPUS: Final = "corpus.jsonl*"

    def __init__(self, source: str | os.PathLike[str], out: str | os.PathLike[str], **options: Any) -> None:
        """`options` are those of `dedup.clean`. Raises UsageError for an unknown one."""
        super().__init__()
        self.source = os.fspath(source)
        self.out = os.fspath(out)
        self.config = configure(Config(), options)
        if not self.config.format.startswith("jsonl"):
            raise UsageError(f"format {self.config.format!r}: a JsonlReader is to read the corpus; jsonl and jsonl.gz are taken")

    def run(self, data: Iterable[Document] | None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Finish what comes before, then do the job, once."""
        from dedup.pipeline import run

        if world_size != 1:
            raise UsageError(f"near-duplicates need the whole corpus: run this step with tasks=1, not {world_size}")
        for _ in data or ():
            self.stat_update("waited_for")
        with self.track_time("run"):
            summary = run([self.source], Path(self.out), self.config).summary
        for name, value in summary.as_dict().items():
            if isinstance(value, int) and value:
                self.stat_update(name, value=value, unit="run")
        for reason, count in summary.removed_characters.items():
            self.stat_update(f"removed_{reason}", value=count, unit="run")
        yield from ()
