"""Flattened pages: what stays of them, and that other pages are left alone. All pages are invented."""

import dedup
import numpy as np
import pytest
from dedup.boilerplate.density import find_flattened, find_flattened_sites
from dedup.boilerplate.menus import lines_to_measure
from dedup.boilerplate.packs import load_rules
from dedup.boilerplate.scan import make_triggers, scan

ENGLISH_MENU = ["Home", "News", "World", "Politics", "Business", "Sport", "Culture", "Travel", "Weather", "Sign in", "Subscribe", "Search"]
ENGLISH = [
    "Harbour bridge to close for repairs until spring",
    "The old harbour bridge will close to all traffic on Monday, the city said, after divers found cracks in two of its pillars.",
    "Engineers expect the work to take five months and to cost about nine million, most of which the region has promised to pay.",
    "What drivers should know",
    "Cars will be sent over the northern ring road, which the police will watch more closely during the morning hours of the first week.",
    "Buses keep running.",
    "Shop owners near the bridge fear for their winter trade and have asked the council for help with their rents until the work is done.",
]
ENGLISH_FOOT = ["About us", "Contact", "Privacy", "Cookies", "Careers", "Advertise", "Newsletters", "Facebook", "Instagram", "Back to top"]

ARABIC_MENU = ["الرئيسية", "أخبار", "سياسة", "اقتصاد", "رياضة", "ثقافة", "صحة", "سفر", "فيديو", "صور", "دخول", "بحث"]
ARABIC = [
    "إغلاق جسر الميناء القديم حتى الربيع بسبب أعمال الصيانة",
    "أعلنت بلدية المدينة أن جسر الميناء القديم سيغلق أمام حركة السير اعتبارا من يوم الاثنين بعد أن عثر الغواصون على شقوق في أعمدته.",
    "ويتوقع المهندسون أن تستمر الأعمال خمسة أشهر وأن تبلغ كلفتها نحو تسعة ملايين وعدت الحكومة المحلية بأن تتحمل الجزء الأكبر منها.",
    "ما الذي يهم السائقين",
    "وستحول السيارات إلى الطريق الدائري الشمالي الذي ستراقبه الشرطة مراقبة أشد في ساعات الصباح من الأسبوع الأول للإغلاق.",
    "ويخشى أصحاب المتاجر القريبة من الجسر على تجارتهم في الشتاء وقد طلبوا من المجلس البلدي أن يساعدهم في دفع الإيجارات حتى تنتهي الأعمال.",
]
ARABIC_FOOT = ["من نحن", "اتصل بنا", "الخصوصية", "وظائف", "إعلانات", "النشرة", "فيسبوك", "تويتر", "يوتيوب", "أعلى"]

GREEK_MENU = [
    "Αρχική",
    "Ειδήσεις",
    "Κόσμος",
    "Πολιτική",
    "Οικονομία",
    "Αθλητικά",
    "Τέχνες",
    "Ταξίδια",
    "Καιρός",
    "Σύνδεση",
    "Αναζήτηση",
    "Βίντεο",
]
GREEK = [
    "Κλείνει ως την άνοιξη η παλιά γέφυρα του λιμανιού",
    "Η παλιά γέφυρα του λιμανιού κλείνει από τη Δευτέρα για όλα τα οχήματα, ανακοίνωσε ο δήμος, αφού οι δύτες είδαν ρωγμές σε δύο κολόνες.",
    "Οι μηχανικοί υπολογίζουν ότι τα έργα θα κρατήσουν πέντε μήνες και θα κοστίσουν περίπου εννέα εκατομμύρια, που θα δώσει η περιφέρεια.",
    "Τι αλλάζει για τους οδηγούς",
    "Τα αυτοκίνητα θα περνούν από τον βόρειο δακτύλιο, τον οποίο η τροχαία θα προσέχει περισσότερο τα πρωινά της πρώτης εβδομάδας.",
    "Οι καταστηματάρχες κοντά στη γέφυρα φοβούνται για τον χειμώνα τους και ζήτησαν από τον δήμο βοήθεια για το ενοίκιο ως το τέλος τους.",
]
GREEK_FOOT = ["Ποιοι είμαστε", "Επικοινωνία", "Απόρρητο", "Θέσεις", "Διαφήμιση", "Ενημέρωση", "Όροι", "Χάρτης", "Εφαρμογή", "Πάνω"]

PAGES = {
    "english": (ENGLISH_MENU, ENGLISH, ENGLISH_FOOT),
    "arabic": (ARABIC_MENU, ARABIC, ARABIC_FOOT),
    "greek": (GREEK_MENU, GREEK, GREEK_FOOT),
}


def reading(data, lines):
    """What gives the bytes of lines."""
    return lambda rows: np.frombuffer(b"".join(data[lines.start[row] : lines.end[row]] for row in rows), np.uint8)


def flatten(*pages, source=None):
    """For each page the lines that stay, and whether it was decided to be a flattened one."""
    texts = ["\n".join(page).encode() for page in pages]
    data = b"".join(texts)
    bounds = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    lines = scan(np.frombuffer(data, np.uint8), bounds, make_triggers(load_rules()))
    rows = np.arange(len(lines))
    unit = lines.document.astype(np.int64)
    places = np.array(source or [0] * len(pages), np.int64)
    gone, flattened = find_flattened(lines, rows, unit, places, reading(data, lines))
    kept = [[] for _ in pages]
    for row in np.setdiff1d(rows, gone):
        kept[unit[row]].append(data[lines.start[row] : lines.end[row]].decode())
    return kept, flattened.tolist()


@pytest.mark.parametrize("language", PAGES)
def test_menus_around_an_article_go_and_the_article_stays(language):
    menu, article, foot = PAGES[language]
    kept, flattened = flatten([*menu, *article, *foot])
    assert flattened == [True]
    assert kept == [article]


def test_sources_without_a_page_of_many_short_lines_are_not_measured():
    menu, article, foot = PAGES["arabic"]
    pages = [article, [*menu, *article, *foot], [*menu[:6], *article], article]
    texts = ["\n".join(page).encode() for page in pages]
    bounds = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    lines = scan(np.frombuffer(b"".join(texts), np.uint8), bounds, make_triggers(load_rules()))
    rows, unit, read = np.arange(len(lines)), lines.document.astype(np.int64), reading(b"".join(texts), lines)
    for source in ([0, 1, 2, 3], [0, 1, 1, 0], [0, 0, 1, 2], [0, 0, 0, 0]):
        places = np.array(source)
        measured = lines_to_measure(lines, rows, unit, places)
        assert set(places[unit[measured]]) == {places[1]}
        gone = find_flattened_sites(lines, measured, unit[measured], places, read)
        assert gone.tolist() == find_flattened_sites(lines, rows, unit, places, read).tolist()
    assert not len(lines_to_measure(lines, rows[unit == 0], unit[unit == 0], np.zeros(4, np.int64)))


@pytest.mark.parametrize("language", PAGES)
def test_an_article_without_menus_loses_nothing(language):
    article = PAGES[language][1]
    kept, flattened = flatten(article)
    assert flattened == [False]
    assert kept == [article]


@pytest.mark.parametrize("language", PAGES)
def test_what_is_left_would_be_left_alone(language):
    menu, article, foot = PAGES[language]
    once, _ = flatten([*menu, *article, *foot])
    again, flattened = flatten(*once)
    assert again == once
    assert flattened == [False]


def test_sub_headings_and_short_paragraphs_inside_the_article_stay():
    kept, _ = flatten([*ENGLISH_MENU, *ENGLISH, *ENGLISH_FOOT])
    assert "What drivers should know" in kept[0]
    assert "Buses keep running." in kept[0]


def test_an_article_that_begins_with_prose_and_ends_with_a_list_is_not_a_flattened_page():
    article = [*ENGLISH, *(f"Player number {word}" for word in ENGLISH_MENU + ENGLISH_FOOT)]
    kept, flattened = flatten(article)
    assert flattened == [False]
    assert kept == [article]


def test_a_poem_without_prose_is_not_a_flattened_page():
    poem = [f"{first} and {second}" for first in ENGLISH_MENU for second in ("rain", "wind", "stone")]
    assert flatten(poem) == ([poem], [False])


def test_prose_that_stands_on_many_pages_of_a_source_goes():
    notice = (
        "We and our partners store information on your device and read it again, to show you what we think you want, as our notice says."
    )
    others = [[f"{line[:-1]} in town {town}." for line in ENGLISH[1:]] for town in ("Abbey", "Beacon", "Castle", "Dover", "Easton")]
    pages = [[*ENGLISH_MENU, notice, *ENGLISH_FOOT, *other, *ENGLISH_FOOT[:4], notice] for other in others]
    kept, flattened = flatten(*pages)
    assert flattened == [True] * 5
    assert kept == others


def test_a_page_crawled_twice_keeps_its_article():
    menu, article, foot = PAGES["greek"]
    page = [*menu, *article, *foot]
    kept, flattened = flatten(page, page)
    assert flattened == [True, True]
    assert kept == [article, article]


def test_the_same_lines_in_another_source_are_no_repetition():
    pages = [[*menu, *article, *foot] for menu, article, foot in PAGES.values()]
    apart, _ = flatten(*pages, source=[0, 1, 2])
    assert apart == [article for _, article, _ in PAGES.values()]
    notice = ENGLISH[1]
    mixed, _ = flatten([*ENGLISH_MENU, *ENGLISH, *ENGLISH_FOOT], [*GREEK_MENU, *GREEK, notice, *GREEK_FOOT], source=[0, 1])
    assert notice in mixed[0]


def test_a_flattened_page_always_keeps_something():
    page = [*ENGLISH_MENU, "Please enable scripts to read this page, or write to us if that does not help you any further.", *ENGLISH_FOOT]
    kept, _ = flatten(page)
    assert kept[0]


def test_no_lines_give_no_rows():
    kept, flattened = flatten([])
    assert kept == [[]]
    assert flattened == [False]


def test_the_way_to_the_page_with_its_title_at_the_end_goes_and_the_title_stays():
    crumb = f"Home News Region {ENGLISH[0]}"
    kept, _ = flatten([*ENGLISH_MENU, crumb, *ENGLISH, *ENGLISH_FOOT])
    assert kept == [ENGLISH]


def test_where_nearly_all_pages_of_a_source_are_flattened_all_are():
    flat = [*ENGLISH_MENU, *ENGLISH, *ENGLISH_FOOT]
    towns = ("Abbey", "Beacon", "Castle", "Dover", "Easton", "Farley")
    pages = [[*ENGLISH_MENU, *(f"{line[:-1]} in {town}." for line in ENGLISH[1:]), *ENGLISH_FOOT] for town in towns]
    bare = [*ENGLISH_MENU[:3], *ENGLISH, *ENGLISH_FOOT[:3]]
    assert flatten(bare)[1] == [False]
    kept, flattened = flatten(*pages, bare)
    assert flattened == [True] * 7
    assert kept[-1] == ENGLISH
    assert flatten(flat, bare)[1] == [True, False]


def test_the_order_of_pages_does_not_matter():
    menu, article, foot = PAGES["english"]
    pages = [
        [*menu, *article, *foot],
        [*menu, *article, "Corrected on Tuesday evening after a reader wrote.", *foot],
        [*menu, *GREEK, *foot],
    ]
    kept, flattened = flatten(*pages)
    back, again = flatten(*pages[::-1])
    assert (back[::-1], again[::-1]) == (kept, flattened)


@pytest.mark.parametrize("language", PAGES)
def test_cleaning_a_flattened_page_again_changes_nothing_and_a_title_far_before_it_stays(language):
    menu, article, foot = PAGES[language]
    page = "\n".join([article[0], *menu, *article, *foot, article[0]])
    once = dedup.strip(page)
    assert article[1] in once.text
    assert once.text.count(article[0]) == 1
    assert not dedup.strip(once.text).changed
