"""The commands of docs/formats.md, run as they stand there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import regex

ROOT = Path(__file__).resolve().parents[2]
BLOCK = regex.compile(r"^```sh\n(.*?)^```$", regex.MULTILINE | regex.DOTALL)


def test_every_command_of_the_page_on_formats_does_what_it_says(tmp_path):
    pytest.importorskip("pyarrow")
    pytest.importorskip("dedup.io.zstd", exc_type=ImportError)
    blocks = BLOCK.findall((ROOT / "docs" / "formats.md").read_text(encoding="utf-8"))
    assert len(blocks) >= 4
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    script = 'set -eu\ndedup() { "$PYTHON" -m dedup "$@"; }\n' + "".join(blocks)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DEDUP_")}
    ran = subprocess.run(
        ["/bin/sh", "-c", script], cwd=tmp_path, env=environment | {"PYTHON": sys.executable}, capture_output=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stderr.decode()
    assert (tmp_path / "stripped.jsonl").stat().st_size > 0
    assert (tmp_path / "out-dolma" / "attributes" / "dedup" / "corpus-0000.jsonl.gz").exists()
