"""What buttons and fields look like in every state, by their colours as the browser computes them (WCAG 1.4.3, 1.4.11).

Axe looks at a page at rest; here each control is held in each state.
"""

from playwright.sync_api import Frame, Page

from config.local.state import ROOT

SCRIPT = (ROOT / "tests/browser/contrast.js").read_text()
IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"


def assert_readable(page: Page, where: str, frame: Frame | None = None) -> None:
    """Every button and field of a page can be read in every state, enabled or not, light and dark.

    The page should have been opened with `SEEN`: what fades has no contrast.

    Raises:
        AssertionError: naming each control, its state and its contrast.
    """
    place = frame or page.main_frame
    is_dark = place.evaluate(IS_DARK)
    found: list[str] = []
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)  # type: ignore[arg-type]
        found += [f"{look}, {each}" for each in place.evaluate(SCRIPT)]
    page.emulate_media(color_scheme="dark" if is_dark else "light")
    assert found == [], f"{where}:\n" + "\n".join(found)
