"""The stages in order: read, decide, write."""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import regex

from dedup.boilerplate.packs import compile_rules, load_rules, shipped_packs
from dedup.boilerplate.scan import make_triggers
from dedup.cache import digest_of, kept
from dedup.errors import InputError
from dedup.first_look import FirstLook
from dedup.gather import gather
from dedup.io.discover import discover
from dedup.io.documents import read_documents
from dedup.io.kinds import PLAIN_TEXT, kind_of, readable, require, require_output
from dedup.io.output import OutputFolder
from dedup.io.read import FEW, read_texts
from dedup.io.record import weight_of
from dedup.io.store import HELD, BlockStore
from dedup.kernels.jit import KERNELS_DIGEST
from dedup.memory import give_back, memory_limit
from dedup.model import Passed
from dedup.threads import Behind, ahead, thread_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dedup.boilerplate.packs import RuleSet
    from dedup.boilerplate.scan import Triggers
    from dedup.boilerplate.suggest import Suggestion
    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.io.discover import Found
    from dedup.io.read import TextFiles
    from dedup.io.record import Record, Records
    from dedup.model import Unreadable
    from dedup.report.facts import Listed
    from dedup.summary import Summary

TEXT_PART: Final = 4  # of the memory that a run may take: what texts take before further ones go to a file beside the output,
READ_AHEAD: Final = 4 << 20  # bytes of text, while those before are looked at
TEXT_MOST: Final = 192 << 20  # at most: that file is read as fast as memory that is new


class Progress(Protocol):
    """Told of stages; the command line shows them as bars."""

    def stage(self, name: str, total: int) -> Callable[[int], object]:
        """A stage of `total` bytes begins; returns what to call with bytes done."""


class Silent:
    """No progress."""

    def stage(self, name: str, total: int) -> Callable[[int], object]:
        """Nothing to show."""
        return lambda _: None


class Run(NamedTuple):
    """A finished run into a folder: its counts, and whether the folder changed."""

    summary: Summary
    changed: bool


def run(sources: Sequence[str], out: Path, config: Config, progress: Progress | None = None, *, duplicates: bool = True) -> Run:
    """The whole job: files in, an output folder out. With `duplicates` off, stripping only."""
    progress = progress or Silent()
    require_output(config.format)
    rules = rules_of(config)
    Thread(target=_load_later_stages, args=(config,)).start()
    threads = thread_count(config.threads)
    with OutputFolder(out) as folder, closing(Behind(BlockStore.close, threads)) as leaving:
        look = FirstLook(rules, config)
        corpus, found = read_corpus(sources, config, folder.path, progress, look, exclude=folder.target)
        try:
            summary, listed = _decide_and_write(corpus, rules, look, config, folder.path, found.passed, progress, duplicates=duplicates)
        finally:
            leaving.put(corpus.store)  # the system takes its time over a large file
        del corpus
        if config.report:
            give_back(int(HELD * text_memory(config)))
            from dedup.report.page import write_report

            write_report(folder.path, threads=threads, listed=listed)
        return Run(summary, folder.finish())


def _decide_and_write(
    corpus: Corpus, rules: RuleSet, look: FirstLook, config: Config, folder: Path, passed: int, progress: Progress, *, duplicates: bool
) -> tuple[Summary, Listed | None]:
    """What follows on reading, up to the report: its counts, and what the report needs, if it could be read on the way."""
    from dedup.decide import decide
    from dedup.io.write_out import write_all

    threads, then = thread_count(config.threads), None
    decision = decide(corpus, rules, config, threads, look, duplicates=duplicates)
    corpus.store.give_back()
    if config.report:
        from dedup.report.documents import read_documents as list_documents
        from dedup.report.facts import Listed
        from dedup.report.ledger import read_ledger

        then = partial(list_documents, folder), partial(read_ledger, folder, threads)
    advance = progress.stage("writing", int((corpus.end - corpus.start).sum()))
    summary, read = write_all(corpus, decision, config, folder, passed, advance, threads, then)
    return summary, Listed(*read) if read else None


def _load_later_stages(config: Config) -> None:
    """What follows on reading, loaded meanwhile: the interpreter has little to do while files are measured and first ones are read."""
    import dedup.decide
    import dedup.io.write_out

    if config.report:
        import dedup.report.page  # noqa: F401


def rules_of(config: Config) -> RuleSet:
    """The rules a configuration asks for; kept, since a pipeline may strip many texts with one configuration."""
    return _ready(config)[0]


def triggers_of(config: Config) -> Triggers:
    """The triggers of these rules."""
    return _ready(config)[1]


def _ready(config: Config) -> tuple[RuleSet, Triggers]:
    if not config.rules:
        return _made((), (), (), rules=False)
    stamps = tuple((name, Path(name).stat().st_mtime_ns if Path(name).exists() else 0) for name in config.packs)
    return _made(stamps, config.disable, config.categories, rules=True)


@lru_cache(maxsize=4)
def _made(
    packs: tuple[tuple[str, int], ...], disable: tuple[str, ...], categories: tuple[str, ...], *, rules: bool
) -> tuple[RuleSet, Triggers]:
    def make() -> tuple[RuleSet, Triggers]:
        chosen = load_rules([name for name, _ in packs], disable, categories) if rules else compile_rules(())
        return chosen.compile_all(), make_triggers(chosen)

    if not rules:
        return make()
    names = [name for name, _ in packs]
    return kept("rules", _digest(names, "\0".join((*names, "", *disable, "", *categories))), make)


def _digest(packs: Iterable[str], options: str) -> str:
    """Of the shipped packs and these, of the code that makes rules and triggers of them, and of what compiles patterns."""
    package = Path(__file__).parent
    makers = [path for name in ("boilerplate/*.py", "text/*.*") for path in sorted(package.glob(name))]
    given = [path for path in map(Path, packs) if path.is_file()]
    return digest_of([*shipped_packs(), *given, *makers], KERNELS_DIGEST, regex.__version__, sys.version, options)


def suggest_for(sources: Sequence[str], config: Config, limit: int) -> list[Suggestion]:
    """Rules that the sources seem to want."""
    from dedup.boilerplate.suggest import suggest
    from dedup.decide import decide

    rules = rules_of(config)
    with tempfile.TemporaryDirectory() as folder:
        look = FirstLook(rules, config)
        corpus, _ = read_corpus(sources, config, Path(folder), Silent(), look)
        with closing(corpus.store):
            decision = decide(corpus, rules, config, thread_count(config.threads), look, duplicates=False)
            return suggest(corpus, decision.units, decision.reason, limit)


def read_corpus(
    sources: Sequence[str], config: Config, folder: Path, progress: Progress, look: FirstLook | None = None, *, exclude: Path | None = None
) -> tuple[Corpus, Found]:
    """Every document of the sources, scanned; `look`: looked at, too. Raises InputError where there is no document."""
    threads = thread_count(config.threads)
    found = discover(sources, exclude, threads)
    _require_libraries(found, config)
    advance = progress.stage("reading", found.files.size)
    passed = found.passed

    def records() -> Iterator[TextFiles | Record | Records | Unreadable]:
        nonlocal passed
        yield from found.unreadable
        for plain, rows in found.files.plain_runs():
            if plain and rows.stop - rows.start > FEW:
                yield from read_texts(found.files, rows, advance)
                continue
            files = map(found.files.__getitem__, range(rows.start, rows.stop))
            documents = chain.from_iterable(read_documents(file, config, advance) for file in files)
            for row in ahead(documents, weight_of, READ_AHEAD, threads):
                if isinstance(row, Passed):
                    passed += row.count
                else:
                    yield row

    corpus = gather(records(), triggers_of(config), text_memory(config), folder, threads, look)
    corpus.store.give_back()
    if not len(corpus):
        raise InputError(_nothing(sources, passed, corpus.unreadable))
    return corpus, found._replace(passed=passed)


def text_memory(config: Config) -> int:
    """Bytes of text that a run holds in memory."""
    return min(memory_limit(config) // TEXT_PART, TEXT_MOST)


def _require_libraries(found: Found, config: Config) -> None:
    """Before anything is read: raises UsageError where the library for a kind of file is missing."""
    names = found.files.names
    others = [number for number in reversed(range(len(names))) if not names[number].endswith(PLAIN_TEXT)]
    kinds = {kind: names[number] for number in others if (kind := kind_of(found.files[number].path))}
    for kind, name in kinds.items():
        require(name, kind, config.extractor)


def _nothing(sources: Iterable[str], passed: int, unreadable: list[Unreadable]) -> str:
    where = ", ".join(sources)
    if unreadable:
        first = unreadable[0]
        place = f"{first.path}:{first.line}" if first.line else first.path
        return f"{where}: none of {len(unreadable)} inputs could be read, e.g. {place}: {first.why}"
    hint = f" ({passed} files of other kinds)" if passed else ""
    return f"{where}: no documents; read are {readable()}{hint}"


def decide_only(sources: Sequence[str], config: Config, folder: Path, progress: Progress | None = None) -> tuple[Corpus, Decision]:
    """Read and decide, write nothing. The caller closes `corpus.store`."""
    from dedup.decide import decide

    rules = rules_of(config)
    look = FirstLook(rules, config)
    corpus, _ = read_corpus(sources, config, folder, progress or Silent(), look)
    return corpus, decide(corpus, rules, config, thread_count(config.threads), look)
