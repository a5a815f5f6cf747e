"""What a file is, by its name: the formats that are read, and what reading each needs."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final, NamedTuple

from dedup.errors import UsageError

KINDS: Final = {
    ".txt": "text", ".md": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".html": "html",
    ".htm": "html", ".xhtml": "html", ".parquet": "parquet", ".warc": "warc", ".wet": "warc", ".zip": "zip", ".tar": "tar",
}  # fmt: skip
PLAIN_TEXT: Final = (".txt", ".md")  # endings of most files there are: what they are needs no look-up
PACKINGS: Final = {".gz": "gz", ".zst": "zst"}
SEEKING: Final = ("parquet", "zip")  # packed in themselves, and read from the end: no .gz or .zst around them
ARCHIVES: Final = ("zip", "tar")
NEEDS: Final = {"parquet": ("pyarrow", "parquet"), "warc": ("fastwarc", "warc")}  # module, extra
EXTRACTORS: Final = {"resiliparse": "resiliparse", "trafilatura": "trafilatura"}  # module by the option's value


class Kind(NamedTuple):
    """A format of `KINDS` and how it is packed: "gz", "zst" or not."""

    format: str
    packing: str


def kind_of(name: str) -> Kind | None:
    """The kind of a file of this name, None where it is none that is read.

    >>> kind_of("a/B.JSONL.gz"), kind_of("a.tgz"), kind_of("a.png"), kind_of("a.parquet.gz")
    (Kind(format='jsonl', packing='gz'), Kind(format='tar', packing='gz'), None, None)
    """
    rest, _, last = name.lower().rpartition(".")
    packing = PACKINGS.get(f".{last}", "") if rest else ""
    if not packing:
        return _PLAIN.get(last) if "." in name else None
    inner = _PLAIN.get(rest.rpartition(".")[2]) if "." in rest else None
    return None if inner is None or inner.packing or inner.format in SEEKING else Kind(inner.format, packing)


_PLAIN: Final = {ending[1:]: Kind(kind, "") for ending, kind in KINDS.items()} | {"tgz": Kind("tar", "gz")}


def restored_name(name: str, kind: Kind) -> str:
    """What `restore` calls a file: as it was, or the name with an ending more where its text comes back and not the file."""
    return name + {"html": ".txt", "parquet": ".jsonl", "warc": ".jsonl"}.get(kind.format, "")


def require(name: str, kind: Kind, extractor: str) -> None:
    """Raises UsageError, naming the extra to install, where a library that a file needs is missing."""
    require_packing(name, kind)
    module, extra = NEEDS.get(kind.format, ("", ""))
    if module:
        require_module(name, module, extra)
    if kind.format in ("html", "warc"):
        require_module(name, EXTRACTORS[extractor], "html" if extractor == "resiliparse" else extractor)


def require_module(name: str, module: str, extra: str) -> None:
    """Raises UsageError where a module of an extra is missing."""
    if find_spec(module) is None:
        raise UsageError(f"{name}: needs {module}: pip install 'dedup[{extra}]'")


def require_packing(name: str, kind: Kind | None) -> None:
    """Raises UsageError where a file is packed with zstd, and that is neither in the standard library nor installed."""
    if kind is None or kind.packing != "zst":
        return
    try:
        import dedup.io.zstd  # noqa: F401
    except ModuleNotFoundError as error:
        raise UsageError(f"{name}: needs zstd: pip install 'dedup[zstd]'; Python 3.14 has it") from error


def require_output(format_: str) -> None:
    """Before anything is read: raises UsageError where the library for an output format is missing."""
    if format_ == "parquet":
        require_module("--format parquet", "pyarrow", "parquet")
    require_packing(f"--format {format_}", kind_of(f"corpus.{format_}"))


def readable() -> str:
    """The formats in words, for help and errors."""
    return ".txt .md .jsonl .ndjson .csv .tsv .html .htm .xhtml .warc .wet, plain, .gz or .zst; .parquet; pages in .zip and .tar"
