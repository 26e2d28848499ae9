"""Rules are written, refused and tried out in a real browser, on the demo family."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages.watching import PATIENCE_MS, Watched


@pytest.fixture
def watched(watched: Watched) -> Watched:
    watched.visit("#/rules")
    return watched


def _start_from(page: Page, template: str) -> Locator:
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    dialog.get_by_role("button", name=template).click()
    return dialog


def _fits(page: Page) -> None:
    body = page.locator("dialog .body")
    assert body.evaluate("it => it.scrollWidth <= it.clientWidth")


def test_a_rule_is_made_from_a_template_by_filling_its_blank(watched: Watched) -> None:
    page = watched.page
    dialog = _start_from(page, "Arrives at school")
    name = f"Comes to school, {page.viewport_size}"
    dialog.get_by_label("Name").fill(name)
    expect(dialog.get_by_text("Fill in the blanks")).to_be_visible()
    dialog.get_by_label("Place", exact=True).select_option(label="School")
    sentence = "When anybody enters School for 2 minutes on weekdays 6:00–10:00, raise an alert."
    expect(dialog.get_by_text(sentence)).to_be_visible(timeout=PATIENCE_MS)
    _fits(page)
    dialog.get_by_role("button", name="Save the rule").click()
    expect(dialog).to_be_hidden()
    rule = page.get_by_role("listitem").filter(has_text=name)
    expect(rule).to_contain_text(sentence)
    watched.nothing_wrong()


def test_a_rule_of_several_conditions_opens_as_it_was_saved(watched: Watched) -> None:
    page = watched.page
    dialog = _start_from(page, "Battery nearly empty")
    name = f"Empty and dark, {page.viewport_size}"
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="And another condition").click()
    dialog.get_by_label("Condition 3", exact=True).select_option("presence")
    dialog.get_by_label("Screen").select_option("locked")
    dialog.get_by_role("button", name="Condition 3: not").click()
    dialog.get_by_role("button", name="Save the rule").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name=f"Change {name}").click()
    dialog = page.get_by_role("dialog", name="Change the rule")
    expect(dialog.get_by_label("Limit in %")).to_have_value("15")
    expect(dialog.get_by_label("Charger")).to_have_value("off")
    expect(dialog.get_by_label("Screen")).to_have_value("locked")
    negated = dialog.get_by_role("button", name="Condition 3: not")
    expect(negated).to_have_attribute("aria-pressed", "true")
    _fits(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    watched.nothing_wrong()


def test_what_cannot_work_is_refused_at_its_field(watched: Watched) -> None:
    page = watched.page
    dialog = _start_from(page, "Top speed")
    limit = dialog.get_by_label("Limit in km/h")
    limit.fill("9999")
    line = dialog.get_by_role("listitem").filter(has=page.get_by_label("Limit in km/h"))
    expect(line.get_by_role("alert")).to_have_text("must be between 0 and 1000")
    expect(limit).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_role("button", name="Try it out")).to_be_disabled()
    limit.fill("100")
    expect(line.get_by_role("alert")).to_be_hidden()
    expect(dialog.get_by_text("moves faster than 100 km/h")).to_be_visible()
    watched.errors = [one for one in watched.errors if "422" not in one]
    watched.nothing_wrong()


def test_a_backtest_shows_what_a_rule_would_have_done(watched: Watched) -> None:
    page = watched.page
    dialog = _start_from(page, "Top speed")
    dialog.get_by_label("Limit in km/h").fill("60")
    dialog.get_by_role("button", name="Try it out").click()
    alerts = dialog.get_by_role("list", name="Alerts it would have raised").get_by_role("link")
    expect(alerts.first).to_contain_text("over 60 km/h", timeout=PATIENCE_MS)
    assert "/day/" in str(alerts.first.get_attribute("href"))
    assert dialog.locator(".timeline i").count() >= alerts.count()
    _fits(page)
    dialog.get_by_label("Limit in km/h").fill("900")
    dialog.get_by_role("button", name="Try it again").click()
    expect(dialog.get_by_text("It would have stayed silent.")).to_be_visible(timeout=PATIENCE_MS)
    watched.nothing_wrong()
