"""The command line as its users meet it: a process of its own, seen through its streams, files and exit code."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PATIENCE = 120  # seconds before a process that hangs is given up: no measure of speed

TEXT = """
المدينة البلدية الميناء الجسر القديم الجديد المشروع الطريق السوق المزارعون الصيادون المدرسة المستشفى الوزير المدير
الشركة القرية الوادي الساحل الشتاء الصيف الربيع أعلنت أكدت أوضحت ذكرت أضافت افتتحت باشرت تسلمت وصلت عادت صباح مساء أمس
اليوم غدا الأسبوع المقبل الماضي ألف مئة عشرون ثلاثون دينار كيلومتر طن متر ساعة دقيقة لجنة مجلس نقابة جمعية مؤسسة دائرة
هيئة وزارة محافظة بلدة حي شارع ساحة حديقة مكتبة متحف معرض مهرجان بطولة مباراة فريق لاعب مدرب طالب معلم طبيب مهندس عامل
تاجر سائق بحار كاتب شاعر رسام نجار حداد خباز من إلى على في عن بعد قبل خلال منذ حتى عند لدى مع بين فوق تحت أمام خلف حول
نحو دون غير سوى كل بعض جميع أول آخر ثاني ثالث رابع كبير صغير طويل قصير بعيد قريب
"""
WORDS = TEXT.split()


@dataclass(frozen=True)
class Ran:
    """A process that has ended."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def lines(self) -> list[str]:
        return self.stdout.decode("utf-8").split("\n")[:-1]

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.lines]


class Cli:
    """Runs `python -m dedup` in a folder of its own, without the settings of whoever runs the tests."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def start(self, *args: object, env: dict[str, str] | None = None, **streams: Any) -> subprocess.Popen[bytes]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DEDUP_")}
        command = [sys.executable, "-m", "dedup", *args]
        if threading.current_thread() is not threading.main_thread():
            return subprocess.Popen(command, cwd=self.home, env=clean | (env or {}), **streams)
        # a process started where SIGINT is ignored (nohup, a job in the background) would hand that on to ours
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return subprocess.Popen(command, cwd=self.home, env=clean | (env or {}), **streams)
        finally:
            signal.signal(signal.SIGINT, before)

    def __call__(self, *args: object, stdin: bytes = b"", env: dict[str, str] | None = None) -> Ran:
        process = self.start(*args, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(stdin, PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            pytest.fail(f"dedup {' '.join(map(str, args))} does not end")
        return Ran(process.returncode, out, err.decode("utf-8"))

    def all(self, *commands: tuple[object, ...], stdin: bytes = b"") -> list[Ran]:
        """Several commands at once, each on a processor of its own if there are as many."""
        return at_once([lambda command=command: self(*command, stdin=stdin) for command in commands])


def at_once(calls: Iterable[Callable[[], Ran]]) -> list[Ran]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


@pytest.fixture(scope="session")
def shared_cli(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    return Cli(tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="session")
def samples() -> Path:
    return ROOT / "samples" / "scraped"


def paragraph(seed: int, words: int = 40) -> str:
    """Running text like no other seed's."""
    return " ".join(random.Random(seed).choices(WORDS, k=words)) + "."


@pytest.fixture(scope="session")
def prose() -> Any:
    return paragraph


def fill_page(folder: Path) -> Path:
    """A folder with one page: a title, three paragraphs, and a source line and tags that are to go."""
    folder.mkdir()
    text = "\n\n".join(["افتتاح جسر القصب بعد عامين من العمل", *map(paragraph, range(3)), "المصدر: وكالات", "Tags: جسرالقصبافتتاح"])
    (folder / "bridge.txt").write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return fill_page(tmp_path / "pages")


class Done(NamedTuple):
    """A run over the page that has ended well; not to be changed."""

    cli: Cli
    page: Path
    out: Path
    ran: Ran


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    cli = Cli(tmp_path_factory.mktemp("done"))
    page = fill_page(cli.home / "pages")
    return Done(cli, page, cli.home / "new" / "folders" / "out", cli("clean", page, "-o", "new/folders/out"))


@pytest.fixture
def earlier(done: Done, cli: Cli) -> Path:
    """The output of an earlier run over the page, where the next one is to write."""
    return shutil.copytree(done.out, cli.home / "out")


@pytest.fixture(scope="session")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that takes a run long enough to be met in the middle: 40 MB, none of it said twice, in many words."""
    folder = tmp_path_factory.mktemp("big")
    dice = random.Random(7)
    words = [one + other for one in WORDS for other in WORDS]
    with (folder / "big.jsonl").open("w", encoding="utf-8") as file:
        for number in range(4500):
            text = "\n\n".join(" ".join(dice.choices(words, k=60)) + "." for _ in range(8))
            file.write(json.dumps({"id": f"{number:06}", "text": text}, ensure_ascii=False) + "\n")
    return folder


def rows_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


@pytest.fixture(scope="session")
def rows() -> Any:
    """Reads a file of JSON lines."""
    return rows_of


def tree(folder: Path) -> dict[bytes, bytes]:
    """Every file below a folder with its content; links are not followed."""
    found = {}
    for where, _, names in os.walk(os.fsencode(folder)):
        for name in names:
            path = os.path.join(where, name)
            if os.path.islink(path):
                continue
            with open(path, "rb") as file:
                found[os.path.relpath(path, os.fsencode(folder))] = file.read()
    return found


@pytest.fixture(scope="session")
def files_in() -> Any:
    return tree


class Answer(NamedTuple):
    """What became of a command, and the folder it ran in."""

    ran: Ran
    home: Path


def answer(question: dict[str, Any], home: Path) -> Answer:
    """Run the `arguments` of a question in a home with the page and the `files` it asks for."""
    home.mkdir(parents=True)
    fill_page(home / "pages")
    for name, content in question.get("files", {}).items():
        (home / name).write_text(content, encoding="utf-8")
    return Answer(Cli(home)(*question["arguments"], env=question.get("env"), stdin=question.get("stdin", b"")), home)


class Background:
    """Runs the QUESTIONS of test modules, commands that hang on nothing else, beside the tests that come before them."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="dedup-cli-"))
        self.pool = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) - 1))
        self.answers: dict[str, dict[str, Future[Answer]]] = {}

    def ask(self, module: str, questions: dict[str, dict[str, Any]]) -> None:
        self.answers[module] = {
            name: self.pool.submit(answer, question, self.home / module / str(number))
            for number, (name, question) in enumerate(questions.items())
        }

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)
        shutil.rmtree(self.home, ignore_errors=True)


BACKGROUND = pytest.StashKey[Background]()


def pytest_collection_finish(session: pytest.Session) -> None:
    modules = {item.module.__name__: item.module for item in session.items if isinstance(item, pytest.Function)}
    asking = {
        name: module.QUESTIONS for name, module in modules.items() if Path(module.__file__).parent == HERE and hasattr(module, "QUESTIONS")
    }
    if asking and not session.config.option.collectonly:
        session.stash[BACKGROUND] = Background()
        for name, questions in asking.items():
            session.stash[BACKGROUND].ask(name, questions)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if BACKGROUND in session.stash:
        session.stash[BACKGROUND].close()


@pytest.fixture(scope="module")
def answers(request: pytest.FixtureRequest) -> dict[str, Answer]:
    """What became of the module's QUESTIONS."""
    return {name: future.result() for name, future in request.session.stash[BACKGROUND].answers[request.module.__name__].items()}
