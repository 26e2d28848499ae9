"""Categories, contacts, calendars and mappings are kept in a real browser, on the demo family."""

from playwright.sync_api import Page, expect

from tests.pages.watching import PATIENCE_MS, Watched

MAPPED = '{"type": "drive", "points": [{"t": 1789999800, "pos": {"lat": 45.8, "lon": 14.36}}]}'
IMPOSSIBLE = MAPPED.replace("45.8", "145.8")


def _confirm(page: Page, action: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=action).click()


def _end(watched: Watched, *, refused: bool = False) -> None:
    """Nothing is wider than the page, and only what was refused is in the console."""
    main = watched.page.get_by_role("main")
    assert main.evaluate("it => it.scrollWidth <= it.clientWidth")
    if refused:
        expected = ("409", "422")
        watched.errors = [
            one for one in watched.errors if not any(code in one for code in expected)
        ]
    watched.nothing_wrong()


def test_categories_are_moved_tried_out_and_kept(watched: Watched) -> None:
    page = watched.page
    watched.visit("#/settings/categories")
    asked = page.get_by_label("An app or a site")
    tried = page.get_by_role("region", name="Try it")
    asked.fill("music.youtube.com")
    expect(tried.get_by_text("because of music.youtube.com")).to_be_visible(timeout=PATIENCE_MS)
    expect(tried.get_by_text("video would fit too, but comes later.")).to_be_visible()
    down = page.get_by_role("button", name="Move music down")
    down.focus()
    page.keyboard.press("Enter")
    expect(down).to_be_focused()
    expect(tried.get_by_text("because of youtube.com")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The categories are saved.")).to_be_visible()
    page.reload()
    names = page.get_by_role("region", name="Categories").get_by_role("listitem")
    expect(names.nth(3)).to_contain_text("video")
    expect(names.nth(4)).to_contain_text("music")
    page.get_by_role("button", name="Back to the defaults").click()
    _confirm(page, "Back to the defaults")
    expect(names.nth(3)).to_contain_text("music")
    _end(watched)


def test_a_pattern_that_cannot_be_is_refused_at_its_line(watched: Watched) -> None:
    page = watched.page
    watched.visit("#/settings/categories")
    page.get_by_role("button", name="Category", exact=True).click()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("Homework")
    sites = page.get_by_label("Sites")
    sites.fill("moodle.example\n\nnot a host")
    refusal = page.get_by_role("button", name="Line 3")
    expect(refusal).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Not saved: something has to be mended first.")).to_be_visible()
    refusal.click()
    expect(sites).to_be_focused()
    assert (
        sites.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)") == "not a host"
    )
    sites.fill("moodle.example")
    expect(refusal).to_be_hidden(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("button", name="Homework")).to_have_count(0)
    _end(watched, refused=True)


def test_unsaved_categories_are_not_lost_without_a_question(watched: Watched) -> None:
    page = watched.page
    watched.visit("#/settings/contacts")
    expect(page.get_by_role("region", name="Contacts")).to_be_visible()
    page.get_by_role("link", name="Categories").click()
    page.get_by_role("button", name="Move adult down").click()
    page.go_back()
    _confirm(page, "Cancel")
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    assert page.url.endswith("#/settings/categories")
    page.get_by_role("link", name="Contacts").click()
    _confirm(page, "Discard the changes")
    expect(page.get_by_role("region", name="Contacts")).to_be_visible()
    assert page.url.endswith("#/settings/contacts")
    page.get_by_role("link", name="Categories").click()
    first = page.get_by_role("region", name="Categories").get_by_role("listitem").first
    expect(first).to_contain_text("adult")
    _end(watched)


def test_a_mapping_is_tried_out_mended_and_saved(watched: Watched) -> None:
    page = watched.page
    name = f"Drives, {page.viewport_size}"
    watched.visit("#/settings/documents")
    page.get_by_role("button", name="Write the first mapping").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Source", exact=True).fill("car")
    definition = page.get_by_label("Definition")
    works = definition.input_value()
    definition.fill(works.replace('"pos.lat"', '"pos.["'))
    page.get_by_role("button", name="Save the mapping").click()
    expect(page.get_by_role("button", name="Line 9")).to_be_visible()
    definition.fill(works)
    document = page.get_by_label("The document")
    document.fill('{\n  "type": drive\n}')
    page.get_by_role("button", name="Try it out").click()
    expect(page.get_by_role("button", name="Line 2")).to_be_visible()
    document.fill(IMPOSSIBLE)
    page.get_by_role("button", name="Try it out").click()
    expect(page.get_by_text("Fails: it would stand in quarantine")).to_be_visible()
    expect(page.get_by_role("button", name="Line 9")).to_be_visible()
    document.fill(MAPPED)
    page.get_by_role("button", name="Try it out").click()
    result = page.get_by_role("region", name="What would become of it")
    expect(result.get_by_text("Becomes 1 observation")).to_be_visible()
    expect(result.get_by_role("row").last).to_contain_text("lat 45.8")
    _end(watched, refused=True)
    page.get_by_role("button", name="Save the mapping").click()
    item = page.get_by_role("listitem").filter(has_text=name)
    expect(item).to_contain_text("version 1")
    item.get_by_role("button", name="Pause").click()
    expect(item).to_contain_text("Paused")
    expect(item).to_contain_text("version 2")
    item.get_by_role("button", name=f"Remove {name}").click()
    _confirm(page, "Remove")
    expect(page.get_by_text("No mappings yet")).to_be_visible()
    watched.nothing_wrong()


def test_a_calendar_that_a_rule_needs_stays(watched: Watched) -> None:
    page = watched.page
    name = f"Holidays {page.viewport_size}"
    watched.visit("#/settings/calendars")
    page.get_by_role("button", name="Calendar").first.click()
    dialog = page.get_by_role("dialog", name="Add a calendar")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("From, row 1").fill("2031-12-24")
    dialog.get_by_label("To, row 1").fill("2031-12-20")
    dialog.get_by_role("button", name="Another day or period").click()
    dialog.get_by_label("From, row 2").fill("2031-05-01")
    dialog.get_by_role("button", name="Add the calendar").click()
    expect(dialog.get_by_role("alert")).to_have_text("ends before it begins")
    dialog.get_by_label("To, row 1").fill("2032-01-03")
    expect(dialog.get_by_text("12 days")).to_be_visible()
    dialog.get_by_role("button", name="Add the calendar").click()
    item = page.get_by_role("listitem").filter(has_text=name)
    expect(item).to_contain_text("24 Dec 2031 – 3 Jan 2032")
    rule = f"On school days {page.viewport_size}"
    _rule_with_exceptions(page, watched, rule, name)
    watched.visit("#/settings/calendars")
    expect(item).to_contain_text(f"exceptions of “{rule}”")
    item.get_by_role("button", name=f"Remove {name}").click()
    _confirm(page, "Remove")
    expect(item.get_by_role("alert")).to_contain_text(f"the rule “{rule}” needs this calendar")
    _end(watched, refused=True)


def _rule_with_exceptions(page: Page, watched: Watched, rule: str, calendar: str) -> None:
    watched.visit("#/rules")
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    dialog.get_by_role("button", name="Top speed").click()
    dialog.get_by_label("Name").fill(rule)
    dialog.get_by_label("When it counts").select_option("some")
    dialog.get_by_label("Exceptions").select_option(label=f"except {calendar}")
    dialog.get_by_role("button", name="Save the rule").click()
    expect(dialog).to_be_hidden()


def test_an_address_book_is_imported_and_found_in(watched: Watched) -> None:
    page = watched.page
    watched.visit("#/settings/contacts")
    page.get_by_role("button", name="Import").first.click()
    dialog = page.get_by_role("dialog", name="Import contacts")
    book = "Jana Novak, +385 91 123 4567\n, 092\nPeter Kos, peter@example.org"
    dialog.locator("input[type=file]").set_input_files(
        {"name": "book.csv", "mimeType": "text/csv", "buffer": book.encode()}
    )
    expect(dialog.get_by_role("button", name="Line 2")).to_be_visible()
    dialog.get_by_role("button", name="Import 2 contacts").click()
    expect(dialog.get_by_text("2 contacts taken.")).to_be_visible()
    expect(dialog.get_by_text("Line 2: has no name")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    page.get_by_label("Search contacts").fill("(91) 123")
    found = page.get_by_role("region", name="Contacts").get_by_role("listitem")
    expect(found).to_have_count(1)
    found.get_by_role("button", name="Change Jana Novak").click()
    change = page.get_by_role("dialog", name="Change Jana Novak")
    change.get_by_label("Numbers and addresses").fill("+385 91 123 4567\njana@example.org")
    change.get_by_label("Whose contact").select_option(label="Only Mira’s")
    change.get_by_role("button", name="Save").click()
    expect(found).to_contain_text("Only Mira’s")
    expect(found).to_contain_text("jana@example.org")
    _end(watched)
    page.get_by_label("Search contacts").fill("")
    for name in ("Jana Novak", "Peter Kos"):
        page.get_by_role("button", name=f"Remove {name}").click()
        _confirm(page, "Remove")
        expect(page.get_by_role("button", name=f"Remove {name}")).to_have_count(0)
    watched.nothing_wrong()
