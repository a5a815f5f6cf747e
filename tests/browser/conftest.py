"""A headless browser, where the machine has one; without, these tests are skipped and say so."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from dedup.config import Config
from dedup.pipeline import run

PATIENCE = 120  # seconds before a browser that hangs is given up: no measure of speed
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--allow-file-access-from-files", "--virtual-time-budget=5000",
]  # fmt: skip
SCRIPT = "<script>document.title='ran'</script>"
BREAKOUT = f"</script><!--<script>{SCRIPT}</style>{SCRIPT}</textarea>{SCRIPT}"
IMAGE = '"><img src=x onerror="document.title=\'ran\'"> \u202e'
PROSE = [
    "أعلنت بلدية رأس النورس صباح الأحد افتتاح السوق الجديد الذي يضم ثمانين محلا وقاعة للمعارض بعد عامين من العمل المتواصل.",
    "وقال رئيس البلدية إن المشروع كلف نحو ثلاثة ملايين دينار وشاركت فيه أربع شركات محلية من المدينة والقرى القريبة منها.",
    "وأضاف أن المرحلة الثانية تبدأ مطلع الربيع وتشمل مواقف للسيارات وحديقة صغيرة على الضفة الشرقية من الوادي القديم.",
]


class Browser:
    """Chromium over a page, seen through the page it dumps."""

    def __init__(self, program: str, home: Path) -> None:
        self.program = program
        self.home = home

    def dump(self, page: Path, *flags: str) -> str:
        """The document after its scripts ran."""
        command = [self.program, *FLAGS, f"--user-data-dir={self.home}", *flags, "--dump-dom", page.as_uri()]
        ran = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")[-2000:]
        return ran.stdout.decode("utf-8")

    def ask(self, page: Path, script: str, *flags: str, width: int = 1000) -> Any:
        """What `script` returns when it is run, with `page` as its document, in a frame of this width."""
        asking = self.home.parent / "asking.html"
        asking.write_text(
            f'<!doctype html><title>asking</title><iframe id="f" src="{page.as_uri()}" style="width:{width}px;height:900px;border:0">'
            "</iframe><pre id=answer></pre><script>f.onload = () => { const document = f.contentDocument, window = f.contentWindow;"
            f"const found = (() => {{ {script} }})(); answer.textContent = JSON.stringify(found); }}</script>",
            encoding="utf-8",
        )
        dumped = self.dump(asking, *flags)
        return json.loads(html.unescape(dumped.partition('<pre id="answer">')[2].partition("</pre>")[0]))


@pytest.fixture
def browser(tmp_path):
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no chromium on this machine: the report is not looked at in a browser")
    (tmp_path / "profile").mkdir()
    return Browser(program, tmp_path / "profile")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The report of a run over pages that would like to run scripts, from text, ids, sites, file names and packs."""
    home = tmp_path_factory.mktemp("hostile")
    rows = [
        {"id": f"a{BREAKOUT}", "text": f"{PROSE[0]}\n{BREAKOUT}\n{PROSE[1]} {SCRIPT}\nالمصدر: وكالات", "source": IMAGE},
        {"id": IMAGE, "text": f"{PROSE[0]} {SCRIPT}\n{SCRIPT}\nAdvertisement\n{PROSE[2]}", "source": BREAKOUT},
        {"id": "c\n\x00", "text": f"{PROSE[1].replace('محلية', SCRIPT)}\nTags: {BREAKOUT}", "source": "&lt;script&gt;"},
    ]
    folder = home / "in"
    folder.mkdir()
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "<script>document.title='ran'<.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff")
    run([str(folder)], home / "out", Config())
    return home / "out" / "report.html"


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """The report of a run over the samples."""
    samples = Path(__file__).resolve().parents[2] / "samples" / "scraped"
    out = tmp_path_factory.mktemp("samples") / "out"
    run([str(samples)], out, Config())
    return out / "report.html"
