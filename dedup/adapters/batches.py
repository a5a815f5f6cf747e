"""One function for every tool that maps over batches."""

from __future__ import annotations

from typing import Any

from dedup.each import StripResult, removal_rows, strip_changed, strip_config
from dedup.errors import InputError
from dedup.tables.base import NoText, identity_of
from dedup.tables.recognise import batch_of


class StripBatch:
    """Strips a batch: a pyarrow, pandas or polars table, or a mapping of columns. What comes out is of the same kind.

    Columns as given, with the text replaced; with `removed=True` a list of structs `removed` at the end (start, end, reason,
    rule, text; code points of the text that was given). A page of which nothing stays is a row with an empty text. An appended
    article is a row behind its page (`appended="split"`, the default), with the page's fields, the id `<id>#2` and an empty
    `removed`: what went of it stands in the page's. As ids of that form are text, an id column of numbers becomes one of text;
    with `appended="drop"` or `"keep"` ids stay, and so does the number of rows. A row without a text passes as it is.

    Holds its options only: it can be pickled, and equal ones give equal results. Kernels run in one thread: the tool has
    others.
    """

    def __init__(self, *, removed: bool = False, **options: Any) -> None:
        """`options` are those of `dedup.strip`. Raises UsageError for an unknown one."""
        self.removed = removed
        self.options = {"threads": 1} | options
        strip_config(self.options)

    def __call__(self, batch: Any) -> Any:
        """The batch, stripped. Raises UsageError where it has no text column."""
        config = strip_config(self.options)
        rows = batch_of(batch, config)
        texts, given = rows.texts(), rows.ids() if config.appended == "split" else None
        found = dict(strip_changed(texts, rows.sources(), config))
        taken: list[int] = []
        out: list[Any] = []
        ids: list[str | None] = []
        removed: list[list[dict[str, Any]]] = []
        for number, text in enumerate(texts):
            result = found.get(number)
            page = identity_of(given[number]) or None if given is not None else None
            parts: list[tuple[int, Any]] = [(1, text)]
            if isinstance(result, StripResult):
                parts = [(1, result.text), *zip(result.parts, result.appended, strict=True)]
            elif isinstance(result, NoText):
                parts = [(1, _as_given(result))]
            for part, kept in parts:
                taken.append(number)
                out.append(kept)
                ids.append(page if part == 1 or page is None else f"{page}#{part}")
                removed.append(removal_rows(_decoded(text), result) if part == 1 and isinstance(result, StripResult) else [])
        return rows.build(taken, out, ids if given is not None else None, removed if self.removed else None)


def _as_given(row: NoText) -> Any:
    if isinstance(row.given, bytes):
        raise InputError(f"a text is {row.why}")
    return row.given


def _decoded(text: Any) -> Any:
    return text.decode("utf-8") if isinstance(text, bytes) else text
