"""The Python interface: `dedup.clean`, `dedup.strip` and `dedup.strip_batch`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from dedup.config import Config, configure
from dedup.each import StripResult, strip_changed, strip_config
from dedup.errors import InputError, UsageError
from dedup.result import Held, Result, make_result
from dedup.tables.base import NoText, records
from dedup.tables.recognise import paths_of, rows_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from dedup.corpus import Corpus
    from dedup.first_look import FirstLook
    from dedup.model import Document
    from dedup.tables.base import Rows

Table: TypeAlias = Any  # of a library that may not be there: pandas, polars, pyarrow, datasets
Source: TypeAlias = "str | os.PathLike[str] | Sequence[os.PathLike[str]] | Iterable[Document | Mapping[str, Any] | str] | Table"


def clean(source: Source, *, duplicates: bool = True, **options: Any) -> Result:
    """The whole job in memory: documents in, kept documents and what was done out. Nothing is written.

    `source`: a path (file, folder or glob) or a list of `Path`; documents as texts, mappings or `Document`; a pandas or polars
    DataFrame, a pyarrow Table or RecordBatchReader, or a Hugging Face Dataset, with the text in the column `text_key`, and id
    and site in `id_key` and `source_key` where there are such. `Result.corpus` is of the same type. `duplicates=False` strips
    only. `options` are those of `Config`. Raises InputError where nothing can be read, UsageError for an unknown option.
    """
    from dedup.decide import begin, settle
    from dedup.first_look import FirstLook
    from dedup.pipeline import rules_of
    from dedup.threads import thread_count

    config = configure(Config(), options)
    rules = rules_of(config)
    paths = paths_of(source)
    rows = None if paths is not None else rows_of(source, config)
    look = FirstLook(rules, config)
    corpus, passed = _gather(paths, rows, config, look)
    threads = thread_count(config.threads)
    begun = begin(corpus, rules, config, threads, look, duplicates=duplicates)
    decision = settle(rules, begun, config, threads, duplicates=duplicates)
    return make_result(Held(corpus, rules, begun, rows, passed), decision, config, duplicates=duplicates)


def _gather(paths: list[str] | None, rows: Rows | None, config: Config, look: FirstLook) -> tuple[Corpus, int]:
    """The documents of files or of rows; and how many files of other kinds were passed over."""
    from dedup.gather import gather
    from dedup.pipeline import Silent, read_corpus, text_memory, triggers_of
    from dedup.threads import thread_count

    scratch = Path(tempfile.gettempdir())  # the file that takes what memory does not has no name there
    if rows is None:
        corpus, found = read_corpus(paths or [], config, scratch, Silent(), look)
        return corpus, found.passed
    corpus = gather(records(rows), triggers_of(config), text_memory(config), scratch, thread_count(config.threads))
    if not len(corpus) and corpus.unreadable:
        first = corpus.unreadable[0]
        raise InputError(f"none of {len(corpus.unreadable):,} documents could be read, e.g. {first.path}: {first.why}")
    return corpus, 0


def strip(text: str, *, source: str = "", **options: Any) -> StripResult:
    """Strip one text: rule packs and structure; a single text has no corpus to count in.

    `source`: its site, for rules that are for some sites only. `options` are those of `Config`, e.g. `appended="keep"`,
    `packs=["my-site.toml"]`, `disable=["ar/tags"]`. Raises UsageError for an unknown option or a wrong pack.
    """
    return strip_batch([text], sources=[source], **options)[0]


def strip_batch(texts: Iterable[str], *, sources: Sequence[str] | None = None, **options: Any) -> list[StripResult]:
    """Strip many texts at once, each on its own, as `strip` would; several times as fast as one by one.

    `sources`: the site of each. Raises InputError for what is no text.
    """
    if isinstance(texts, str):
        raise UsageError("one text: dedup.strip(text), or put texts into a list")
    given = list(texts)
    if sources is not None and len(sources) != len(given):
        raise UsageError(f"{len(sources)} sources for {len(given)} texts")
    rows: list[str | bytes | NoText] = [text if isinstance(text, str) else NoText(f"a {type(text).__name__} is no text") for text in given]
    results = [StripResult(text, (), (), ()) for text in given]
    for number, found in strip_changed(rows, sources, strip_config(options)):
        if isinstance(found, NoText):
            raise InputError(f"text {number}: {found.why}")
        results[number] = found
    return results
