"""The menu at the side of the admin pages: what may be opened, by what it is for.

Each app says in its `navigation.py` which pages it adds; `TenantsConfig.ready()` reads them.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from apps.tenants.admin_sites import operator_site, tenant_site


@dataclass(frozen=True)
class MenuPage:
    """A page in the menu.

    Attributes:
        model: whose list it opens, as in ``queues.queue``.
        label: what the menu calls it, not translated; empty where the page itself says so (`SetupAdmin.menu_label`).
        icon: a name of Material Symbols.
        position: its place in its section, from low to high.
    """

    model: str
    label: str
    icon: str
    position: int


_sections: dict[str, int] = {}
_pages: defaultdict[str, list[MenuPage]] = defaultdict(list)


def register_section(title: str, *, position: int) -> None:
    """Add a section to the menu: called by the app that owns the word, in its `navigation.py`.

    Args:
        title: not translated.
        position: its place in the menu, from low to high.

    Raises:
        ValueError: another place is known for it.
    """
    if _sections.setdefault(title, position) != position:
        raise ValueError(f"the section {title!r} has its place already")


def register_pages(section: str, *pages: MenuPage) -> None:
    """Add pages to a section of the menu, whichever app has registered that.

    Args:
        section: its title.
        pages: in any order.
    """
    _pages[section] = sorted(dict.fromkeys((*_pages[section], *pages)), key=lambda page: page.position)


def menu_sections() -> list[tuple[str, list[MenuPage]]]:
    """Every section with its pages, in order.

    Raises:
        KeyError: pages stand in a section that no app has registered.
    """
    return [(title, _pages[title]) for title in sorted(_pages, key=lambda title: _sections[title])]


def sidebar_sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The sections with what this user may open on this host; empty ones are left out."""
    site = _site(request)
    admins = {model._meta.label_lower: page for model, page in site._registry.items()} if site else {}  # noqa: SLF001
    sections: list[dict[str, Any]] = []
    for title, pages in menu_sections():
        items = [
            {
                "title": _(page.label) if page.label else admins[page.model].menu_label,
                "icon": page.icon,
                "link": _address(page.model),
            }
            for page in pages
            if page.model in admins and admins[page.model].has_module_permission(request)
        ]
        if items:
            sections.append({"title": _(title), "separator": True, "items": items})
    return sections


def site_subheader(request: HttpRequest) -> str:
    """Whose admin this is."""
    return str(getattr(request, "tenant", ""))


def account_links(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands in the user's own menu."""
    links = [
        {"title": _("Second factors"), "link": reverse("mfa_index")},
        {"title": _("Change password"), "link": reverse("password")},
    ]
    if _site(request) is tenant_site:
        links.insert(0, {"title": _("Console"), "link": "/console/"})
    return links


def stylesheet_url(request: HttpRequest) -> str:
    """The address of what we add to the admin's looks."""
    del request
    return static("css/admin.css")


def favicon_url(request: HttpRequest) -> str:
    """The address of the icon in a browser's tab."""
    del request
    return static("img/icon.svg")


def _site(request: HttpRequest) -> Any:
    schema = getattr(getattr(request, "tenant", None), "schema_name", "public")
    return operator_site if schema == "public" else tenant_site


def _address(name: str) -> str:
    try:
        return reverse(f"admin:{name.replace('.', '_')}_changelist")
    except NoReverseMatch:
        return ""
