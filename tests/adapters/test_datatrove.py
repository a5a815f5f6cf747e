"""Steps of datatrove pipelines, run by its own executor."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("datatrove", reason="needs pip install 'dedup[datatrove]'")
pytest.importorskip("orjson", reason="needs pip install 'dedup[datatrove]'")


@pytest.fixture
def documents(pages):
    from datatrove.data import Document

    return [Document(page["text"], page["id"], metadata={"views": page["views"], "tags": page["tags"]}) for page in pages]


def run_pipeline(pipeline, folder, tasks=1):
    from datatrove.executor import LocalPipelineExecutor

    stats = LocalPipelineExecutor(pipeline, tasks=tasks, logging_dir=str(folder / "logs")).run()
    return {each.name: {name: stat.total for name, stat in each.stats.items()} for each in stats.stats}


def rows_of(folder):
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines() if line]


def test_strip_is_a_map_over_the_stream(documents, stripped, removed, tmp_path):
    from datatrove.pipeline.writers import JsonlWriter
    from dedup.adapters.datatrove import Strip

    stats = run_pipeline([documents, Strip(removed=True), JsonlWriter(str(tmp_path / "out"), compression=None)], tmp_path)
    rows = rows_of(tmp_path / "out")
    kept = [row for row in stripped if row["text"]]
    assert [(row["id"], row["text"]) for row in rows] == [(row["id"], row["text"]) for row in kept]
    assert [row["metadata"]["views"] for row in rows] == [row["views"] for row in kept]
    assert [row["metadata"].get("removed", []) for row in rows] == removed[:4]
    (counts,) = (counts for name, counts in stats.items() if "strip" in name)
    assert (counts["total"], counts["forwarded"], counts["dropped"], counts["appended"], counts["changed"]) == (4, 4, 1, 1, 3)
    assert counts["removed_boilerplate"] == sum(
        each["end"] - each["start"] for row in removed for each in row if each["reason"] == "boilerplate"
    )


def test_text_that_no_file_can_hold_is_passed_on_and_counted(tmp_path):
    from datatrove.data import Document
    from dedup.adapters.datatrove import Strip

    step = Strip()
    (out,) = step.run(iter([Document("half \ud800", "x")]))
    assert out.text == "half \ud800"
    assert step.stats["unreadable"].total == 1


def test_the_whole_job_is_a_writer_our_step_and_a_reader(documents, tmp_path):
    import dedup
    from datatrove.data import Document
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from dedup.adapters.datatrove import Clean

    again = [Document(each.text, f"{each.id}-again", metadata=dict(each.metadata)) for each in documents]
    pages, out = tmp_path / "pages", tmp_path / "out"
    job = [
        [*documents, *again],
        JsonlWriter(str(pages), expand_metadata=True),
        Clean(pages, out),
        JsonlReader(str(out), glob_pattern=Clean.CORPUS),
        JsonlWriter(str(tmp_path / "clean"), compression=None),
    ]
    stats = run_pipeline(job, tmp_path)
    rows = rows_of(tmp_path / "clean")
    expected = dedup.clean([{"id": each.id, "text": each.text} | each.metadata for each in [*documents, *again]])
    assert [(row["id"], row["text"]) for row in rows] == [(each.id, each.text) for each in expected.kept]
    assert [row["metadata"]["tags"] for row in rows] == [each.fields["tags"] for each in expected.kept]
    assert (out / "ledger.jsonl").is_file()
    (counts,) = (counts for name, counts in stats.items() if "clean" in name)
    assert (counts["documents_in"], counts["documents_out"]) == (8, 4)
    assert counts["removed_duplicate"] == expected.summary.removed_characters["duplicate"]


def test_near_duplicates_in_several_tasks_are_refused(tmp_path):
    import dedup
    from dedup.adapters.datatrove import Clean

    with pytest.raises(dedup.UsageError, match="whole corpus: run this step with tasks=1, not 4"):
        list(Clean(tmp_path, tmp_path / "out").run(None, rank=0, world_size=4))
