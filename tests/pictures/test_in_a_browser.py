"""Pages in headless Chromium: nothing fails, links lead where they say, phones can read them."""

from __future__ import annotations

import pytest

from awsmon import mock_monitoring
from tests.pictures import chromium
from tests.pictures.boards import VARIABLE, WIDGETS, put
from tests.pictures.stories import REGION, bad_evening

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium.PROGRAM is None, reason="no Chromium is installed"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    found = chromium.Chromium(tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    with mock_monitoring(now="2026-03-02T18:00:00Z", region=REGION) as mon:
        bad_evening(mon)
        return mon.report(tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    with mock_monitoring(now="2026-03-02T18:00:00Z", region=REGION) as mon:
        bad_evening(mon)
        put(*WIDGETS, start="-PT30M", variables=[VARIABLE])
        return mon.dashboard("shop").html(tmp_path_factory.mktemp("dashboard") / "shop.html")


def target(browser):
    """The text of whatever a link led to, if it is seen."""
    return browser.run(
        "(e => e && e.checkVisibility() && e.getBoundingClientRect().top < innerHeight"
        " ? e.innerText : null)(document.querySelector(':target'))"
    )


def test_from_a_finding_to_its_alarm_and_on_to_its_trace(browser, report):
    # given the report on a desk
    browser.open(report)
    # when the first finding's alarm is clicked, and there its trace
    browser.click(".findings h3 a")
    alarm = target(browser)
    browser.click(":target .to-trace")
    # then the alarm and its change are seen, and nothing has failed
    assert "checkout" in alarm
    assert "alarm checkout: ALARM -> OK" in target(browser)
    assert browser.problems == []


def test_why_an_alarm_is_in_its_state_is_unfolded_by_its_link(browser, report):
    browser.open(report)
    browser.click("#alarm-2 .links a")
    assert browser.run("document.querySelector('#alarm-2-why').open") is True
    assert "because" in target(browser)


def test_the_keyboard_alone_leads_to_an_alarm(browser, report):
    # given a reader without a mouse, who goes from link to link
    browser.open(report)
    for _ in range(30):
        browser.press("Tab")
        if browser.run("document.activeElement.matches('.findings h3 a')"):
            break
    # when the link has the focus, and is entered
    browser.press("Enter")
    # then its alarm has the focus
    assert browser.run("document.activeElement.matches('article')") is True


def test_the_trail_is_filtered_by_text_and_by_outcome(browser, report):
    browser.open(report)
    shown = "document.querySelectorAll('#trail-rows tr:not([hidden])').length"
    search = "document.querySelector('[data-filters=trail-rows] input')"
    told = f"{search}.dispatchEvent(new Event('input', {{bubbles: true}}))"
    assert browser.run(shown) > 5
    browser.run(f"{search}.value = 'PutRule'; {told}")
    assert browser.run(shown) == 1
    browser.run(f"{search}.value = ''; {told}")
    browser.click("[data-filters=trail-rows] [data-only=bad]")
    assert browser.run(shown) == 1


def test_under_the_pointer_a_chart_tells_its_values(browser, report):
    # given the alarm's chart, on which each minute from 18:05 to 18:12 has nine errors
    browser.open(report)
    left, top, width = browser.run(
        "(c => { c.scrollIntoView({block: 'center', behavior: 'instant'});"
        " const b = c.getBoundingClientRect(); return [b.left, b.top, b.width] })"
        "(document.querySelector('#alarm-1 .canvas'))"
    )
    # when the pointer is in the midst of it, at 18:10
    browser.send("Input.dispatchMouseEvent", type="mouseMoved", x=left + width / 2, y=top + 50)
    # then the nearest minute is told
    told = browser.run("document.querySelector('#alarm-1 .readout').textContent")
    assert told == "18:10:00\nSum of Shop/Errors 9"


def test_a_dashboard_has_its_widgets_side_by_side(browser, dashboard):
    # given a dashboard on a desk
    browser.open(dashboard)
    # then what belongs side by side is, every chart has its room, and nothing has failed
    boxes = browser.run(
        "[...document.querySelectorAll('section')].slice(0, 3).map(e => e.getBoundingClientRect())"
        ".map(b => [b.left, b.top, b.width])"
    )
    assert boxes[0][1] == boxes[1][1] == boxes[2][1]
    assert boxes[0][0] + boxes[0][2] < boxes[1][0] < boxes[2][0]
    assert boxes[1][2] == pytest.approx(2 * boxes[0][2], rel=0.05)
    heights = "[...document.querySelectorAll('.canvas')].map(e => e.clientHeight)"
    assert min(browser.run(heights)) > 60
    assert browser.problems == []


def test_a_dashboard_fits_a_telephone(browser, dashboard):
    browser.open(dashboard, width=390, height=844)
    assert browser.run("document.documentElement.scrollWidth") == 390
    lefts = "new Set([...document.querySelectorAll('section')].map(e => e.offsetLeft)).size"
    assert browser.run(lefts) == 1
    assert browser.problems == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_desk_and_a_telephone(browser, report, width, dark):
    browser.open(report, width=width, height=844, dark=dark)
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run("document.querySelector('.findings').getBoundingClientRect().top") < 400
    smallest = browser.run(
        "Math.min(...[...document.querySelectorAll('body *')].filter(e => e.checkVisibility())"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 10
    assert browser.problems == []


CONTRAST = """
(() => {
  const bright = (c) => c.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
    .map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
  const ground = bright(getComputedStyle(document.body).backgroundColor);
  const ratio = (e) => {
    const [a, b] = [bright(getComputedStyle(e).color), ground].sort((x, y) => y - x);
    return (a + .05) / (b + .05);
  };
  const written = document.querySelectorAll("p, .chip, small, time, h1, h3 a, dt");
  return Math.min(...[...written].map(ratio));
})()
"""


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_written_stands_out_from_its_ground(browser, report, dark):
    # WCAG 2.2, 1.4.3: 4.5 to 1
    browser.open(report, dark=dark)
    assert browser.run(CONTRAST) >= 4.5
