"""Signatures of paragraphs are datasketch's own, bit for bit."""

from __future__ import annotations

import dedup
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

STORY = "أعلنت هيئة الموانئ أن رصيف الصيادين سيفتح من جديد يوم الأحد بعد أعمال صيانة استمرت ستة أسابيع."


@given(st.lists(st.text(alphabet="اأبت ثج،ab1٢ \u064b", max_size=60), max_size=5))
@settings(max_examples=60)
def test_sketches_are_bit_for_bit_those_of_datasketch(paragraphs):
    ours = dedup.to_datasketch(paragraphs, num_perm=64, seed=7)
    for mine, hashes in zip(ours, dedup.paragraph_hashes(paragraphs), strict=True):
        theirs = MinHash(num_perm=64, seed=7, scheme="affine32", hashfunc=int)
        theirs.update_batch(hashes.tolist())
        assert mine == theirs
        assert mine.hashvalues.tolist() == theirs.hashvalues.tolist()


def test_equal_folded_words_have_equal_sketches():
    vowels = STORY.replace("أعلنت", "أَعْلَنَتْ").replace("الأحد", "الاحد")
    one, other, reverse = dedup.to_datasketch([STORY, vowels, STORY[::-1]])
    assert one == other
    assert one.jaccard(reverse) < 0.1


def test_a_result_gives_sketches_of_the_paragraphs_that_stay():
    result = dedup.clean([STORY, STORY, "قصير"])
    sketches = dedup.to_datasketch(result)
    assert [result.text_of(place) for place in sketches] == [STORY]
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    for place, sketch in sketches.items():
        lsh.insert(place, sketch)
    (asked,) = dedup.to_datasketch([STORY.replace("أعلنت", "ذكرت")])
    assert lsh.query(asked) == list(sketches)


def test_nothing_gives_nothing_and_one_text_is_refused():
    assert dedup.to_datasketch([]) == []
    assert len(dedup.to_datasketch([""])) == 1
    with pytest.raises(dedup.UsageError, match="put paragraphs into a list"):
        dedup.to_datasketch("text")
    with pytest.raises(dedup.UsageError, match="half a surrogate"):
        dedup.to_datasketch(["half \ud800"])
