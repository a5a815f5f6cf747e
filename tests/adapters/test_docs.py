"""The code of docs/adapters.md runs, section by section, on the sample pages."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
import regex

pa = pytest.importorskip("pyarrow", reason="needs pip install 'dedup[arrow]'")
pytestmark = pytest.mark.filterwarnings("default")  # what the libraries themselves warn of

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = {"Arrow": "pyarrow", "Hugging Face datasets": "datasets", "datatrove": "datatrove", "Ray Data": "ray", "Spark": "pyspark"}
TEXT = (ROOT / "docs" / "adapters.md").read_text(encoding="utf-8")
SECTIONS = {section.partition("\n")[0]: section for section in regex.split(r"(?m)^## ", TEXT)[1:]}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the sample pages as a Parquet file, and nothing else."""
    import pyarrow.parquet as pq
    from dedup.io.decode import decode

    rows = [
        {"id": path.name, "text": decode(path.read_bytes()).utf8.decode(), "source": path.parent.name}
        for path in sorted((ROOT / "samples" / "scraped").rglob("*.txt"))
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "pages.parquet")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    return tmp_path


def texts_in(folder, pattern):
    import pyarrow.parquet as pq

    return sorted(text for path in folder.glob(pattern) for text in pq.read_table(path).column("text").to_pylist())


def test_every_section_has_its_library():
    assert list(SECTIONS) == list(LIBRARIES)


@pytest.mark.parametrize("title", LIBRARIES)
def test_the_code_of_a_section_runs(title, folder):
    import dedup

    pytest.importorskip(LIBRARIES[title], reason=f"not installed: {LIBRARIES[title]}")
    if title == "Spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    made: dict[str, object] = {}
    for block in regex.findall(r"(?ms)^```python\n(.*?)^```", SECTIONS[title]):
        exec(compile(block, f"docs/adapters.md: {title}", "exec"), made)
    pages = texts_in(folder, "pages.parquet")
    texts = sorted(text for result in dedup.strip_batch(pages) for text in (result.text, *result.appended))
    if title == "Arrow":
        assert texts_in(folder, "stripped.parquet") == texts
    elif title == "Hugging Face datasets":
        assert sum(map(len, made["clean"]["text"])) < sum(map(len, texts))
    elif title == "datatrove":
        assert {"stripped", "corpus", "final"} <= {path.name for path in folder.iterdir()}
    elif title == "Ray Data":
        assert texts_in(folder, "stripped-by-ray/*.parquet") == texts
        made["ray"].shutdown()
    else:
        assert texts_in(folder, "stripped-by-spark/*.parquet") == texts
        made["spark"].stop()
