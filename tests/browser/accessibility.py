"""What axe finds on a page, and how a page is opened for it."""

from config.local.state import ROOT
from tests.browser.people import walk_to

AXE = ROOT / "node_modules/axe-core/axe.min.js"


RUN = """async (only) => (await axe.run(document, {resultTypes: ["violations"], iframes: false, ...only})).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => `${found.id} (${found.impact}): ${found.nodes.map((node) => node.target.join(" ")).join(", ")}`)"""


IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"


CONTRAST = {"runOnly": ["color-contrast"]}
"""All that the look changes."""


def assert_accessible(page, where, frame=None):
    """Axe finds nothing serious on a page, or in a frame of it; in the other look, light or dark, it can be read, too.

    The page should have been opened with `SEEN`: what fades has no contrast.
    """
    place = frame or page.main_frame
    page.wait_for_timeout(100)  # until what moves has come to rest
    if not place.evaluate("'axe' in window"):
        place.add_script_tag(path=AXE)
    look, other = ("dark", "light") if place.evaluate(IS_DARK) else ("light", "dark")
    found = place.evaluate(RUN, {})
    page.emulate_media(color_scheme=other)
    page.wait_for_timeout(100)
    found += [f"{other}: {each}" for each in place.evaluate(RUN, CONTRAST)]
    page.emulate_media(color_scheme=look)
    assert found == [], f"{where}: {found}"


SEEN = {"bypass_csp": True, "reduced_motion": "reduce"}
"""How a page is opened that axe looks at: it is a script of the page, and colours that fade have no contrast."""


def tab_to(page, role, name=""):
    """Press Tab until something of this role, and name, has the focus."""
    page.keyboard.press("Tab")
    walk_to(page, page.get_by_role(role, name=name, exact=bool(name)))
