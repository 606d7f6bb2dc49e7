"""A browser without a window, for the tests that look at pages, and what they ask of a page in it."""

from contextlib import contextmanager

import pytest

from bn_analysis.publication.browser import find_browser

PHONE, DESKTOP = {"width": 360, "height": 760}, {"width": 1200, "height": 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine: install chromium to test the pages"),
]


@contextmanager
def started():
    """A browser of this machine, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


def opened(browser, path, viewport, **options):
    page = browser.new_page(viewport=viewport, **options)
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    turn_to(page, path)
    return page


def turn_to(page, path):
    """Show another file in an open tab, which costs a fourth of a tab of its own."""
    page.asked, page.complaints = [], []
    page.goto(path.as_uri())


HIDDEN = """() => {
  document.querySelectorAll('details').forEach(fold => fold.open = true);
  const width = document.documentElement.clientWidth;
  const tables = [...document.querySelectorAll('.table')].filter(one => one.scrollWidth > one.clientWidth + 1);
  const words = [...document.querySelectorAll('p, li, dd, dt, h1, h2, summary, figcaption, nav a')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > width + 1 || box.left < -1);
  });
  const sideways = document.documentElement.scrollWidth > width ? ['scrolls sideways'] : [];
  return [...sideways, ...tables.map(one => one.getAttribute('aria-label')), ...words.map(one => one.textContent)];
}"""
