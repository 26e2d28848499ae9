"""A person's summary, communications and traffic in a real browser, on the demo family."""

import re
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.pages.watching import PATIENCE_MS, Demo, Watched


def _some_days_ago() -> date:
    """A day, week or month that has just begun tells little."""
    return datetime.now(UTC).date() - timedelta(days=3)


def _fits(page: Page) -> None:
    main = page.get_by_role("main")
    assert main.evaluate("it => it.scrollWidth <= it.clientWidth")


def test_a_summary_goes_back_in_time_and_from_a_month_to_a_day(
    watched: Watched, demo: Demo
) -> None:
    page = watched.page
    day = _some_days_ago()
    watched.visit(f"#/people/{demo.person('Mira')}/summary?by=month&date={day}")
    chart = page.get_by_role("region", name="Day by day")
    chart.get_by_text("As a table").click()
    days = chart.get_by_role("row")
    expect(days.nth(1)).to_be_visible(timeout=PATIENCE_MS)
    _fits(page)
    days.nth(day.day).get_by_role("link").click()
    expect(page).to_have_url(re.compile("by=day"))
    expect(page.get_by_role("radio", name="Day")).to_be_checked()
    expect(page.get_by_text(re.compile("the day before")).first).to_be_visible()
    page.get_by_role("button", name="Previous day").click()
    expect(page.get_by_role("button", name="Next day")).to_be_enabled()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("radio", name="Month")).to_be_checked()
    watched.nothing_wrong()


def test_a_summary_tells_where_the_time_went(watched: Watched, demo: Demo) -> None:
    page = watched.page
    watched.visit(f"#/people/{demo.person('Mira')}/summary?by=week&date={_some_days_ago()}")
    places = page.get_by_role("region", name="Places")
    expect(places.get_by_text("Home")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text(re.compile("on the way")).first).to_be_visible()
    apps = page.get_by_role("list", name="Apps").get_by_role("listitem")
    expect(apps).to_have_count(6)
    page.get_by_role("region", name="Apps").get_by_role("button", name="Show all").click()
    expect(apps.nth(6)).to_be_visible()
    watched.nothing_wrong()


def test_communications_tell_with_whom_and_refuse_impossible_dates(
    watched: Watched, demo: Demo
) -> None:
    page = watched.page
    watched.visit(f"#/people/{demo.person('Neli')}/communications")
    friend = page.get_by_role("listitem").filter(has_text="Luka from swimming")
    expect(friend).to_contain_text("Not a contact", timeout=PATIENCE_MS)
    expect(friend).to_contain_text("sent")
    expect(friend).to_contain_text("First contact")
    _fits(page)
    page.get_by_role("radio", name="Dates").check(force=True)
    page.get_by_label("First day").fill("2020-01-02")
    page.get_by_label("Last day").fill("2020-01-01")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Must not be before the first day.")
    page.get_by_label("Last day").fill("2020-02-01")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("No messages or calls in these days")).to_be_visible()
    expect(page).to_have_url(re.compile("from=2020-01-02"))
    watched.nothing_wrong()


def test_traffic_is_told_by_app_network_day_and_month(watched: Watched, demo: Demo) -> None:
    page = watched.page
    watched.visit(f"#/people/{demo.person('Mira')}/traffic")
    networks = page.get_by_role("list", name="Networks")
    expect(networks).to_contain_text("Wi-Fi", timeout=PATIENCE_MS)
    expect(networks).to_contain_text("Cable")
    expect(page.get_by_role("list", name="Apps")).to_contain_text("Messages")
    chart = page.get_by_role("region", name="Over time")
    chart.get_by_text("As a table").click()
    expect(chart.get_by_role("row")).to_have_count(31)
    _fits(page)
    page.get_by_role("radio", name="By month").check(force=True)
    expect(chart.get_by_role("heading", name="Month by month")).to_be_visible()
    chart.get_by_text("As a table").click()
    expect(chart.get_by_role("row")).to_have_count(13)
    watched.nothing_wrong()


def test_a_dialog_begins_in_its_first_field_and_ends_where_it_was_opened(
    watched: Watched, demo: Demo
) -> None:
    page = watched.page
    watched.visit("#/devices")
    opener = page.get_by_role("button", name="Person", exact=True)
    for leave in ("Escape", "Cancel"):
        opener.click(timeout=PATIENCE_MS)
        expect(page.get_by_label("Name")).to_be_focused()
        if leave == "Escape":
            page.keyboard.press("Escape")
        else:
            page.get_by_role("button", name="Cancel").click()
        expect(opener).to_be_focused()
    watched.nothing_wrong()


def test_what_lies_on_the_map_stays_below_the_list(watched: Watched, demo: Demo) -> None:
    page = watched.page
    watched.visit("")
    expect(page.locator(".person-marker").first).to_be_visible(timeout=PATIENCE_MS)
    more = page.get_by_role("button", name=re.compile("list"))
    if more.count():
        more.first.click()
    panel = page.locator(".panel")
    overlaid = panel.evaluate(
        """panel => {
            const { left, top, right, bottom } = panel.getBoundingClientRect();
            for (let x = left + 5; x < right; x += 10)
                for (let y = top + 5; y < Math.min(bottom, innerHeight); y += 10)
                    if (document.elementFromPoint(x, y)?.closest('.person-marker')) return true;
            return false;
        }"""
    )
    assert not overlaid
    watched.nothing_wrong()
