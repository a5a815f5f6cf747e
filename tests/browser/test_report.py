"""The report as a browser shows it."""

from __future__ import annotations

TITLE = "What stayed, what went and why"
SEARCH = """
const box = document.getElementById("q");
const ask = (words) => { box.value = words; box.dispatchEvent(new window.Event("input")); };
const shown = () => [...document.querySelectorAll("[data-item]")].filter((item) => !item.hidden);
"""


def test_no_script_of_a_page_runs(browser, hostile):
    dumped = browser.dump(hostile)
    assert f"<title>{TITLE}</title>" in dumped
    found = browser.ask(
        hostile, "return [document.title, document.scripts.length, document.images.length, document.querySelectorAll('[onerror]').length]"
    )
    assert found == [TITLE, 1, 0, 0]


def test_hostile_text_is_shown_as_it_is(browser, hostile):
    text = browser.ask(hostile, "return document.querySelector('main').textContent")
    assert "<script>document.title='ran'</script>" in text
    assert "</script><!--<script>" in text
    assert "\u202e" not in browser.ask(hostile, "return [...document.querySelectorAll('.id')].map((id) => id.textContent).join('')")


def test_our_own_script_and_style_run_under_the_policy(browser, report):
    found = browser.ask(
        report,
        "return [document.querySelector('.search').hidden, window.getComputedStyle(document.querySelector('.top')).display, "
        "window.getComputedStyle(document.querySelector('.stack')).display]",
    )
    assert found == [False, "flex", "block"]


def test_nothing_is_asked_of_anybody(browser, report):
    assert browser.ask(report, "return window.performance.getEntriesByType('resource').length") == 0


def test_the_first_screen_says_what_came_in_and_what_stayed(browser, report):
    text = browser.ask(report, "return document.querySelector('.first').innerText")
    assert "of the text stayed" in text
    assert "37 documents with 54,722 characters came in; 41 documents" in text
    assert "Duplicate paragraphs" in text


def test_nothing_leaves_the_page_sideways_on_a_phone(browser, report, hostile):
    for page in (report, hostile):
        wide = browser.ask(
            page,
            "for (const each of document.querySelectorAll('details')) each.open = true;"
            "return [document.documentElement.scrollWidth, window.innerWidth]",
            width=380,
        )
        assert wide == [380, 380]


def test_arabic_stands_from_right_to_left_and_english_from_left_to_right(browser, report):
    directions = browser.ask(
        report,
        "return [...document.querySelectorAll('.text')].map((text) => "
        "[/^[^a-z]*\\p{Script=Arabic}/iu.test(text.textContent), window.getComputedStyle(text).direction])",
    )
    assert [True, "rtl"] in directions
    assert all((direction == "rtl") == arabic for arabic, direction in directions)


def test_the_filter_leaves_only_what_was_asked_for_and_says_how_much(browser, report):
    every, some, said, back = browser.ask(
        report,
        SEARCH + "const every = shown().length; ask('ar/tags'); const some = shown().map((item) => item.closest('details')?.textContent "
        "?? item.textContent); const said = document.getElementById('found').textContent; ask(''); "
        "return [every, some, said, shown().length]",
    )
    assert 0 < len(some) < every == back
    assert all("ar/tags" in text for text in some)
    assert said == f"{len(some)} of {every} shown"


def test_the_filter_reads_arabic_in_any_spelling(browser, report):
    plain, other, nothing = browser.ask(
        report,
        SEARCH + "const count = (words) => { ask(words); return shown().length; };"
        "return [count('الميناء'), count('المِينَاء'), count('no such words anywhere')]",
    )
    assert plain == other > 0
    assert nothing == 0


def test_rules_with_a_hit_open_and_close_again(browser, report):
    before, asked, after = browser.ask(
        report,
        SEARCH + "const open = () => [...document.querySelectorAll('.rule')].filter((rule) => rule.open && !rule.hidden).length;"
        "const before = open(); ask('advertisement'); const asked = open(); ask(''); return [before, asked, open()]",
    )
    assert before == after == 2
    assert asked > 0


def test_everything_to_act_on_can_be_reached_by_keyboard_and_is_named(browser, report):
    found = browser.ask(
        report,
        "const named = [...document.querySelectorAll('a, input, summary, [tabindex]')].map((each) => "
        "each.getAttribute('aria-label') || each.labels?.[0]?.textContent || each.textContent.trim());"
        "const ids = [...document.querySelectorAll('nav a')].map((link) => document.querySelector(link.getAttribute('href')) !== null);"
        "const heads = [...document.querySelectorAll('h1, h2, h3')].map((head) => Number(head.tagName[1]));"
        "const charts = [...document.querySelectorAll('svg')].map((chart) => chart.getAttribute('aria-hidden'));"
        "return [named, ids, heads, charts, document.querySelectorAll('main, nav, header, footer').length]",
    )
    named, ids, heads, charts, landmarks = found
    assert all(named)
    assert ids
    assert all(ids)
    assert heads[0] == 1
    assert heads.count(1) == 1
    assert set(charts) == {"true"}
    assert landmarks == 4


def test_the_page_is_light_or_dark_as_the_reader_wishes_and_readable_in_both(browser, report):
    paint = (
        "const light = (colour) => { const [r, g, b] = colour.match(/\\d+/g).map((part) => { part /= 255;"
        "return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };"
        "const paper = light(window.getComputedStyle(document.body).backgroundColor);"
        "return [paper, ...['h1', '.lede', '.why', '.where', '.near'].map((name) => {"
        "const ink = light(window.getComputedStyle(document.querySelector(name)).color);"
        "return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05); })]"
    )
    for flag, is_dark in (("--blink-settings=preferredColorScheme=0", True), ("--blink-settings=preferredColorScheme=1", False)):
        paper, *contrasts = browser.ask(report, paint, flag)
        assert (paper < 0.1) == is_dark
        assert all(contrast >= 4.5 for contrast in contrasts)  # WCAG AA
