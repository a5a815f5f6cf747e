"""What the adapters are tried on: pages with noise, one with a second article on it, one of which nothing stays, one left alone."""

from __future__ import annotations

import atexit
import os
import tempfile
from typing import Any

import pytest

HOME = tempfile.TemporaryDirectory(prefix="dedup-adapters-")  # the libraries read these when they are loaded
atexit.register(HOME.cleanup)
os.environ |= {"HF_HOME": HOME.name, "HF_HUB_OFFLINE": "1", "RAY_USAGE_STATS_ENABLED": "0", "SPARK_LOCAL_IP": "127.0.0.1"}

BRIDGE = """افتتاح جسر القصب بعد عامين من العمل

افتتحت بلدية المدينة صباح اليوم جسر القصب أمام حركة المركبات بعد عامين من أعمال البناء المتواصلة.

وقال مدير المشروع إن الجسر يختصر الطريق بين الضفتين إلى عشر دقائق، وإن كلفته بلغت تسعة ملايين دينار.

المصدر: وكالات
"""
SCROLL = """لجنة المياه تبحث خطة الشتاء في اجتماعها الشهري

بحثت لجنة المياه في اجتماعها الشهري خطة الاستعداد لموسم الأمطار وتنظيف مجاري السيول في الأحياء القديمة.

وأوضح رئيس اللجنة أن الفرق الميدانية ستبدأ أعمالها مطلع الأسبوع المقبل على أن تنتهي قبل نهاية الشهر.

كلمات دلالية: المياه الشتاء السيول

إقرأ أيضاً:

افتتاح المكتبة العامة بعد ترميمها

أعيد افتتاح المكتبة العامة في المدينة بعد عامين من أعمال الترميم التي شملت قاعات المطالعة والأرشيف.

وضمت المكتبة قسماً جديداً للأطفال وقاعة للمحاضرات تتسع لمئتي زائر، بحسب ما ذكرت مديرتها.
"""
PLAIN = """The harbour reopened on Monday after the storm had kept the ferries away for the whole of the week.

Fishermen said they expected the first boats back before noon, and the market to follow on Tuesday.
"""


@pytest.fixture
def pages() -> list[dict[str, Any]]:
    """Fresh rows: id, text, and fields that are to go on."""
    texts = [BRIDGE, SCROLL, PLAIN, "المصدر: وكالات\n"]
    return [
        {"id": f"page-{number}", "text": text, "views": number * 10, "tags": ["news", str(number)]} for number, text in enumerate(texts)
    ]


@pytest.fixture
def stripped(pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the rows become, by `dedup.strip`, one after the other."""
    import dedup

    rows = []
    for page in pages:
        result = dedup.strip(page["text"])
        rows.append(page | {"text": result.text})
        rows += [page | {"id": f"{page['id']}#{number}", "text": text} for number, text in enumerate(result.appended, 2)]
    assert [row["id"] for row in rows] == ["page-0", "page-1", "page-1#2", "page-2", "page-3"], "the pages try what they are for"
    assert rows[-1]["text"] == ""
    return rows


def removed_of(text: str) -> list[dict[str, Any]]:
    """The column `removed` of a page."""
    import dedup

    return [
        {"start": each.start, "end": each.end, "reason": each.reason, "rule": each.rule, "text": text[each.start : each.end]}
        for each in dedup.strip(text).removals
    ]


@pytest.fixture
def removed(pages: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The column `removed` of what the rows become."""
    first, scroll, plain, last = (removed_of(page["text"]) for page in pages)
    return [first, scroll, [], plain, last]
