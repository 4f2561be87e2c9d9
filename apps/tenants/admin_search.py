"""The search of the admin pages: pages of the menu, settings, and rows by name, of what the viewer may see there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.tenants.admin_base import ReadOnlyAdmin
from apps.tenants.admin_menu import SETTINGS, site_of, visible_pages
from apps.tenants.admin_settings import PartForm, parts_of_page
from apps.tenants.admin_sites import tenant_site

LONGEST_TERM = 100
"""Characters of what was typed that are looked at."""
MOST_HITS = {"pages": 5, "settings": 8, "rows": 5}
"""How many hits of a kind are shown; of rows, for each list."""


@dataclass(frozen=True)
class Hit:
    """One thing that was found.

    Attributes:
        title: what it is called.
        where: where it stands, as the menu calls it; empty where its group says so.
        link: its address, with the field that it is where it is one.
        icon: a name of Material Symbols.
    """

    title: str
    where: str
    link: str
    icon: str


@dataclass(frozen=True)
class HitGroup:
    """What was found of one kind.

    Attributes:
        title: what the kind is called.
        hits: the best of them.
        more: the address where the others are; empty where these are all.
    """

    title: str
    hits: list[Hit]
    more: str = ""


@require_safe
def search_view(request: HttpRequest) -> HttpResponse:
    """What is found of the words in ``s``, as a part of a page.

    Args:
        request: of somebody who may enter the admin.
    """
    words = request.GET.get("s", "")[:LONGEST_TERM].casefold().split()
    facts = {"words": words, "groups": find(request, words) if words else []}
    return TemplateResponse(request, "tenants/admin_search_results.html", facts)


def find(request: HttpRequest, words: list[str]) -> list[HitGroup]:
    """What this user may see of what holds every one of these words, with a fixed number of queries.

    Args:
        request: whose.
        words: at least one, in small letters.
    """
    admins = {model._meta.label_lower: page for model, page in site_of(request)._registry.items()}  # noqa: SLF001
    entries = [(title, entry) for title, section in visible_pages(request) for entry in section]
    pages = [
        Hit(title=str(entry["title"]), where=_(section), link=entry["link"], icon=entry["icon"])
        for section, entry in entries
        if _holds(str(entry["title"]), words)
    ]
    settings = _settings(request, [entry for _section, entry in entries], admins, words)
    groups = [
        HitGroup(_("Pages"), pages[: MOST_HITS["pages"]]),
        HitGroup(_("Settings"), settings[: MOST_HITS["settings"]]),
    ]
    for _section, entry in entries:
        page = admins.get(entry["model"])
        if page is not None and page.found_by:
            groups.append(_rows(request, page, entry, words))
    return [group for group in groups if group.hits]


# --- Settings


@dataclass(frozen=True)
class _Setting:
    hit: Hit
    about: str

    def rank(self, words: list[str]) -> int:
        """How many of the words its own name holds; -1 where it is not what they ask for."""
        title = self.hit.title.casefold()
        own = f"{title} {self.about}".casefold()
        if not _holds(f"{own} {self.hit.where}", words) or not any(word in own for word in words):
            return -1
        return sum(word in title for word in words)


def _settings(
    request: HttpRequest, entries: list[dict[str, Any]], admins: dict[str, Any], words: list[str]
) -> list[Hit]:
    """Parts and fields of settings pages, then fields of the pages of rows: first those whose names match."""
    every = [*_of_settings_pages(request, entries), *_of_lists(request, entries, admins)]
    ranked = [(setting.rank(words), setting.hit) for setting in every]
    return [hit for rank, hit in sorted(ranked, key=lambda each: -each[0]) if rank >= 0]


def _of_settings_pages(request: HttpRequest, entries: list[dict[str, Any]]) -> Iterator[_Setting]:
    if site_of(request) is not tenant_site:
        return
    for entry in entries:
        if entry["model"].startswith(SETTINGS):
            for part in parts_of_page(request, entry["model"].removeprefix(SETTINGS)):
                yield from _of_part(part, entry)


def _of_part(part: PartForm, entry: dict[str, Any]) -> Iterator[_Setting]:
    heading = Hit(part.title, str(entry["title"]), f"{entry['link']}#{part.form.prefix}", entry["icon"])
    yield _Setting(heading, part.about)
    for field in part.form:
        # Who may only look finds no field to be filled in: the part is where it is read.
        anchor = (field.id_for_label or field.auto_id) if part.may_change else part.form.prefix
        where = f"{entry['title']} › {part.title}"
        hit = Hit(capfirst(str(field.label)), where, f"{entry['link']}#{anchor}", entry["icon"])
        yield _Setting(hit, strip_tags(str(field.help_text)))


def _of_lists(request: HttpRequest, entries: list[dict[str, Any]], admins: dict[str, Any]) -> Iterator[_Setting]:
    """What is set row by row: its list is where one chooses the row."""
    for entry in entries:
        page = admins.get(entry["model"])
        if page is None or isinstance(page, ReadOnlyAdmin):
            continue
        for field in page.get_form(request, None).base_fields.values():
            hit = Hit(capfirst(str(field.label or "")), str(entry["title"]), entry["link"], entry["icon"])
            yield _Setting(hit, strip_tags(str(field.help_text)))


# --- Rows


def _rows(request: HttpRequest, page: Any, entry: dict[str, Any], words: list[str]) -> HitGroup:
    """The rows of a list that this user sees there, by their names."""
    rows = page.get_queryset(request).prefetch_related(None)
    for word in words:
        named = Q()
        for name in page.found_by:
            named |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(named)
    most = MOST_HITS["rows"]
    found = list(rows.order_by(*page.found_by, "pk")[: most + 1])
    hits = [Hit(str(row), "", _page_of(page, row), entry["icon"]) for row in found[:most]]
    more = f"{entry['link']}?{urlencode({'q': ' '.join(words)})}" if len(found) > most and page.search_fields else ""
    return HitGroup(str(entry["title"]), hits, more)


def _page_of(page: Any, row: Any) -> str:
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[row.pk])


def _holds(text: str, words: list[str]) -> bool:
    return all(word in text.casefold() for word in words)
