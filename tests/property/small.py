"""The smallest corpora that show a corner in which a promise is hard to keep."""

from __future__ import annotations

import json
from random import Random

from tests import oracles

NOUNS = """
ميناء سفينة طريق وزارة مدينة مدير خطة ماء شمس سوق قرية جسر مطار نهر جبل مدرسة طالب معلم كتاب قلم باب نافذة شارع حديقة
شجرة زهرة طائر سمكة بحر سماء
"""


STEMS = NOUNS.split()


HEADLINE = "الأمير يستقبل وفد الصيادين في الميناء الجديد بعد افتتاحه صباح اليوم"


SHORT_HEADLINE = "الأمير يستقبل وفد الصيادين في الميناء"


FOOTER = "هاتف الإدارة في شارع البحر الطويل"


BRIEF_FOOTER = "مكتب شارع البحر"


def prose(seed: int, count: int = 20) -> str:
    """A paragraph like no other."""
    random = Random(seed)
    return " ".join(random.choice(STEMS) + random.choice(["", "", "ات", "ين"]) for _ in range(count)) + "."


def page(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def records(*rows: tuple[str, str]) -> bytes:
    return b"".join(json.dumps({"id": identity, "text": text}).encode() + b"\n" for identity, text in rows)


def wire(seed: int, digits: int) -> str:
    """One of four paragraphs of equal length of which each may go only for the next: two words and one number are different."""
    words = [f"{STEMS[(seed * 7 + k * k) % 30]}ممممم"[:5] + "ابتثجحخد"[k % 8] for k in range(40)]
    for step in range(1, digits + 1):
        words[step * 9 % 40] = f"زمزم{'ابت'[step - 1]}م"
        words[(step * 9 + 3) % 40] = f"قلقل{'ابت'[step - 1]}م"
    for slot, place in enumerate((5, 16, 27, 38)):
        words.insert(place, str(slot + 1 if slot <= digits else 1))
    return " ".join(words) + "."


def chain() -> dict[str, bytes]:
    links = [wire(3, number) for number in range(4)]
    assert len({oracles.letters(link) for link in links}) == 1
    for a in range(4):
        assert [oracles.may_go(links[a], links[b], 0.85, 0.85) for b in range(4)] == [b in (a, a + 1) for b in range(4)]
    return {f"{number}.txt": page(link, *(prose(100 * number + k, 30) for k in range(8 - number))) for number, link in enumerate(links)}


def templates() -> dict[str, bytes]:
    base = prose(7, 150).split()
    files = {}
    for number in range(100):
        for variant in range(2):
            words = [*base[:75], str(1000 + number), *base[75:]]
            words[20] = "احمر" if variant else words[20]
            files[f"{number:03}{variant}.txt"] = page(
                " ".join(words), prose(1000 + 2 * number + variant), prose(3000 + 2 * number + variant)
            )
    return files


def shares() -> dict[str, bytes]:
    files = {f"s/own{k}.txt": page(prose(10 + k), prose(110 + k), FOOTER) for k in range(5)}
    files |= {f"s/plain{k}.txt": page(prose(30 + k), prose(130 + k)) for k in range(8)}
    files |= {f"s/copy{k}.txt": page(prose(50 + k)) for k in range(8)}
    return files | {f"t/whole{k}.txt": page(prose(50 + k), prose(70 + k)) for k in range(8)}


def narrow(seed: int) -> str:
    """A line as wide as all of its kind, without an end."""
    return prose(seed, 9).rstrip(".")[:48].ljust(48, "ا")


ANOTHER_ARTICLE = ["المصدر: وكالات", "اقرأ أيضا", SHORT_HEADLINE, "وفد الصيادين في الميناء قال إن الأمير يستقبل " + prose(7, 30), prose(8)]


def unwrapped() -> dict[str, bytes]:
    """A page that looks hard-wrapped only once its wide paragraph is gone."""
    lines = [narrow(500 + k) for k in range(8)]
    return {
        "a.txt": page(*lines, "", prose(1, 60)),
        "b.txt": page(prose(1, 60), *(prose(k) for k in range(2, 12))),
        "c.txt": page(" ".join(lines), *(prose(k) for k in range(20, 30))),
    }


HALF_WRAPPED = """\
- كلفة بعد بعيدة مبردة
- بالخطوة تنطلق كما الميناء الخطة المدينة عن أن أعمال القادمة مستودعات المدينة

السفن 451 أمام المرحلة العمل النقل بالخطوة دون صباح أن منذ
بعيدة بالمطار القادمة الخبير سنوات السوق إنها. الخبير عامين
القادمة مستودعات الرصيف أعلنت مستودعات وقالوا إلى ورحب مطلع
مستودعات الخبير إلى مستودعات بعيدة المشروع ورحب المشروع
6352 الدولي قرية أعلنت الرصيف أن اليوم كلفة الميناء إنها
هاتف الإدارة في شارع البحر الطويل
"""


BESIDE_HALF_WRAPPED = """\
بالخطوة تنطلق كما الميناء الخطة المدينة عن أن أعمال القادمة مستودعات المدينة
كتب - محرر الموقع
- بالخطوة تنطلق كما الميناء الخطة المدينة عن أن أعمال القادمة مستودعات المدينة
السفن 451 أمام المرحلة العمل النقل بالخطوة دون صباح أن.
وأوضح أسعار الرصيف بالخطوة استمرت يربط طويلة
كتب - محرر الموقع
8872 أسعار الرصيف بالخطوة استمرت يربط طويلة مستودعات في المقبل التجارية وطريقا الميناء قرية منذ الوزير طويلة إنها ورحب بعد على الميناء إدارة.
"""


NOTHING_LEFT_BEFORE_ITS_ARTICLES = page(
    "المصدر: وكالات", "اقرأ أيضا", SHORT_HEADLINE, "وفد الصيادين في الميناء قال إن الأمير يستقبل " + prose(1, 30), prose(2),
    "كتب - محرر الموقع", "مدير الميناء يزور السوق القديم", "كتب - محرر الموقع", prose(2),
)  # fmt: skip


CORNERS = {
    "the first line goes, and the next one is a headline known elsewhere": {
        "a.txt": page("إعلان", HEADLINE, prose(1), prose(2)), "b.txt": page("خبر آخر تماما", prose(3), HEADLINE, prose(4)),
    },
    "the first paragraph goes as a duplicate, and the next line is a headline known elsewhere": {
        "a.txt": page(prose(1), HEADLINE, prose(2)), "b.txt": page("خبر آخر تماما", prose(3), HEADLINE, prose(4)),
        "c.txt": page(prose(1), prose(5), prose(6), prose(7), prose(8)),
    },
    "two titles are left alone": {
        "a.txt": page(HEADLINE, prose(1)), "b.txt": page(HEADLINE, prose(2)), "c.txt": page(prose(1), prose(3), prose(4)),
        "d.txt": page(prose(2), prose(5), prose(6)),
    },
    "the share of a footer grows when copies go": shares(),
    "a title stands again once the paragraph before it is gone": {
        "a.txt": page(prose(1), SHORT_HEADLINE, prose(2), SHORT_HEADLINE, prose(3)),
        "b.txt": page(prose(1), *(prose(k) for k in range(4, 9))),
    },
    "a marker of the tail stands at the tail once the prose behind it is gone": {
        "a.txt": page("عنوان الخبر الأول", prose(1), prose(2), "انتهى", prose(3), prose(4)),
        "b.txt": page(prose(3), prose(4), *(prose(k) for k in range(5, 12))),
    },
    "a list under a marker grows when prose between goes": {
        "a.txt": page("عنوان الخبر الأول", prose(1), "اقرأ أيضا", SHORT_HEADLINE, prose(2), "مدير الميناء يزور السوق القديم", prose(3)),
        "b.txt": page(prose(2), *(prose(k) for k in range(5, 12))),
    },
    "a footer stands in both articles of a page": {
        f"{k}.txt": page(
            f"عنوان الخبر رقم {k}", prose(10 * k), prose(10 * k + 1), BRIEF_FOOTER, "المصدر: وكالات", "اقرأ أيضا",
            f"الأمير يستقبل وفد {STEMS[k]} في الميناء",
            prose(10 * k + 2), prose(10 * k + 3), BRIEF_FOOTER,
        )
        for k in range(3)
    },
    "a byline stands in both articles of a page of which nothing else is left": {"a.txt": NOTHING_LEFT_BEFORE_ITS_ARTICLES, "b.txt": b""},
    "many templates share their bands": templates(),
    "paragraphs of equal length form a chain": chain(),
    "a page is hard-wrapped once its wide paragraph is gone": unwrapped(),
    "a page is hard-wrapped only as long as it is not taken for that": {
        "a.txt": page(prose(1, 60), *(prose(k) for k in range(2, 12))),
        "b.txt": page(prose(1, 60), prose(1, 60), *(narrow(500 + k) for k in range(8))),
    },
    "an article is hard-wrapped, and the page it stood on is not": {
        "a.txt": page(*(narrow(500 + k) for k in range(4)), "", *(narrow(510 + k) for k in range(4)), *ANOTHER_ARTICLE),
        "b.txt": page(prose(1), " ".join(narrow(501).split()[-5:] + narrow(502).split()[:5]) + ".", prose(2)),
    },
    "a page looks wrapped only while a line of it is on its way out": {"a.txt": page(HALF_WRAPPED), "b.txt": page(BESIDE_HALF_WRAPPED)},
}  # fmt: skip
