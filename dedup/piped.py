"""A whole run whose corpus goes to a stream: into a folder of its own, which is gone afterwards."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from dedup.errors import UsageError
from dedup.pipeline import Progress, Silent, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Config
    from dedup.summary import Summary


class Piped(NamedTuple):
    """A finished run into a stream: its counts, and what could not be read, one a line in words."""

    summary: Summary
    unreadable: tuple[str, ...]


def run_to_stream(
    sources: Sequence[str],
    out: BinaryIO,
    config: Config,
    ledger: Path | None = None,
    progress: Progress | None = None,
    *,
    duplicates: bool = True,
) -> Piped:
    """The whole job, the corpus to `out` and the ledger to a file if one is named. Nothing is written before all is decided.

    Raises UsageError for a format that is a folder.
    """
    if config.format in ("txt", "dolma"):
        raise UsageError(f"--format {config.format} is a folder, which stdout cannot take: name one with -o OUT")
    with tempfile.TemporaryDirectory(prefix="dedup-") as scratch:
        folder = Path(scratch, "out")
        summary = run(sources, folder, config, progress or Silent(), duplicates=duplicates).summary
        if ledger is not None:
            _put(folder / "ledger.jsonl", ledger)
        with (folder / f"corpus.{config.format}").open("rb") as corpus:
            shutil.copyfileobj(corpus, out, 1 << 20)
        out.flush()
        return Piped(summary, tuple(_unreadable(folder / "unreadable.jsonl")))


def _put(file: Path, target: Path) -> None:
    """Copy a file to where it is complete or absent."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.copyfile(file, partial)
        partial.replace(target)
    except OSError as error:
        raise UsageError(f"{target}: cannot write there: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def _unreadable(file: Path) -> list[str]:
    rows = [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]
    return [f"{row['path']}:{row['line']}: {row['why']}" if row["line"] else f"{row['path']}: {row['why']}" for row in rows]
