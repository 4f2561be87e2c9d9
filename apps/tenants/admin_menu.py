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

SETTINGS = "settings."
"""What a settings page's name begins with where a model's name would stand, as in ``settings.routing``."""


@dataclass(frozen=True)
class MenuPage:
    """A page in the menu, or one of the tabs above a page of the menu.

    Attributes:
        model: whose list it opens, as in ``queues.queue``; or a settings page, as in ``settings.routing``.
        label: what the menu calls it, not translated; empty where the page itself says so (`SetupAdmin.menu_label`).
        icon: a name of Material Symbols.
        position: its place in its section, from low to high.
        under: the page among whose tabs it stands, rather than in the menu itself.
    """

    model: str
    label: str
    icon: str
    position: int
    under: str = ""


@dataclass(frozen=True)
class SettingsPart:
    """What one app contributes to a settings page: the one row of a table, or each row of a table of few.

    Attributes:
        model: whose admin page says who may change it, draws its fields, and has an action write it.
        position: its place on the page, from low to high.
        title: its heading, not translated; a row of several is named beside it.
        about: a sentence under the heading, not translated.
    """

    model: str
    position: int
    title: str
    about: str = ""


_sections: dict[str, int] = {}
_pages: defaultdict[str, list[MenuPage]] = defaultdict(list)
_parts: defaultdict[str, list[SettingsPart]] = defaultdict(list)


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


def register_settings(code: str, *parts: SettingsPart) -> None:
    """Add parts to a settings page, whichever app has put that into the menu.

    Args:
        code: the page's, as in ``routing`` for the menu's ``settings.routing``.
        parts: in any order.
    """
    _parts[code] = sorted(dict.fromkeys((*_parts[code], *parts)), key=lambda part: part.position)


def menu_sections() -> list[tuple[str, list[MenuPage]]]:
    """Every section with its pages, in order; tabs among them.

    Raises:
        KeyError: pages stand in a section that no app has registered.
    """
    return [(title, _pages[title]) for title in sorted(_pages, key=lambda title: _sections[title])]


def settings_parts(code: str) -> list[SettingsPart]:
    """What stands on a settings page, in order; nothing where there is no such page."""
    return list(_parts.get(code, ()))


def settings_address(label: str) -> str:
    """Where the settings of a model are changed together with others; empty where they have a page of their own.

    Args:
        label: the model's, as in ``snooze.snoozesettings``.
    """
    for code, parts in _parts.items():
        if any(part.model == label for part in parts):
            return f"{reverse('admin:settings', args=[code])}#{label.replace('.', '-')}"
    return ""


def page_of(name: str) -> tuple[str, MenuPage] | None:
    """The section and the entry of a page, tab or not; None for what the menu does not have.

    Args:
        name: as `MenuPage.model`; a part of a settings page leads to that page.
    """
    for code, parts in _parts.items():
        if any(part.model == name for part in parts):
            name = f"{SETTINGS}{code}"
    for title, pages in menu_sections():
        for page in pages:
            if page.model == name:
                return title, page
    return None


def visible_pages(request: HttpRequest) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every section with what this user may open on this host, tabs included; empty ones are left out."""
    site = site_of(request)
    admins = {model._meta.label_lower: page for model, page in site._registry.items()}  # noqa: SLF001
    sections = []
    for title, pages in menu_sections():
        shown = [_entry(page, admins) for page in pages if _may_open(request, page.model, admins)]
        if shown:
            sections.append((title, shown))
    return sections


def sidebar_sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu: pages with tabs are one entry, which opens the first that this user may open."""
    sections: list[dict[str, Any]] = []
    for title, entries in visible_pages(request):
        items: dict[str, dict[str, Any]] = {}
        for entry in sorted(entries, key=lambda each: bool(each["under"])):
            head = entry["under"] or entry["model"]
            item = items.setdefault(head, {**entry, "active": False})
            item["active"] = item["active"] or _is_open(request, entry["link"])
        ordered = sorted(items.values(), key=lambda item: item["position"])
        sections.append({"title": _(title), "separator": True, "items": ordered})
    return sections


def page_tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The tabs above lists and settings pages, as Unfold takes them."""
    tabs = []
    for _title, entries in visible_pages(request):
        for head in dict.fromkeys(entry["under"] for entry in entries if entry["under"]):
            members = [entry for entry in entries if head in (entry["model"], entry["under"])]
            items = [
                {"title": each["title"], "link": each["link"], "active": _is_open(request, each["link"])}
                for each in members
            ]
            if len(items) > 1:
                names = [each["model"] for each in members]
                pages = [name for name in names if name.startswith(SETTINGS)] or [""]
                tabs += [{"models": names, "page": page, "items": items} for page in pages]
    return tabs


def _entry(page: MenuPage, admins: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": _(page.label) if page.label else admins[page.model].menu_label,
        "icon": page.icon,
        "link": _address(page.model),
        "model": page.model,
        "under": page.under,
        "position": page.position,
    }


def _may_open(request: HttpRequest, name: str, admins: dict[str, Any]) -> bool:
    models = (
        [part.model for part in settings_parts(name.removeprefix(SETTINGS))] if name.startswith(SETTINGS) else [name]
    )
    return any(model in admins and admins[model].has_module_permission(request) for model in models)


def _is_open(request: HttpRequest, link: str) -> bool:
    return bool(link) and request.path.startswith(link)


def site_subheader(request: HttpRequest) -> str:
    """Whose admin this is."""
    return str(getattr(request, "tenant", ""))


def account_links(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands in the user's own menu."""
    links = [{"title": _("Your account"), "link": reverse("account")}]
    if site_of(request) is tenant_site:
        links.insert(0, {"title": _("Console"), "link": "/console/"})
    return links


def stylesheet_url(request: HttpRequest) -> str:
    """The address of what we add to the admin's looks."""
    del request
    return static("css/admin.css")


def script_url(request: HttpRequest) -> str:
    """The address of what we add to the admin's behaviour."""
    del request
    return static("js/admin/pages.js")


def favicon_url(request: HttpRequest) -> str:
    """The address of the icon in a browser's tab."""
    del request
    return static("img/icon.svg")


def site_of(request: HttpRequest) -> Any:
    """The admin of the host that was asked: a tenant's, or the operators'."""
    schema = getattr(getattr(request, "tenant", None), "schema_name", "public")
    return operator_site if schema == "public" else tenant_site


def _address(name: str) -> str:
    if name.startswith(SETTINGS):
        return reverse("admin:settings", args=[name.removeprefix(SETTINGS)])
    try:
        return reverse(f"admin:{name.replace('.', '_')}_changelist")
    except NoReverseMatch:
        return ""
