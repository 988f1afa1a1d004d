"""Builds the whole site beside the one that stands, checks it, and swaps it in; the previous one stays on disk.

The same release gives the same bytes. Nothing is asked of any host: fonts are the reader's, scripts and drawings ours.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from danbe.publish import data
from danbe.publish.release import Release
from danbe.publish.site import cards, contexts, drawings, feed, sections, services
from danbe.publish.site.addresses import Page, pages, region_slug, twin
from danbe.publish.site.check import problems
from danbe.publish.site.documents import listed, write_documents
from danbe.publish.site.figures import Figure, Scope
from danbe.publish.site.open_data import open_data
from danbe.publish.site.pathways import write_sheets
from danbe.publish.site.search import index
from danbe.publish.site.service_map import write_map
from danbe.publish.site.unchanged import keep_unchanged
from danbe.reference.folders import folder_beside, settle
from danbe.reference.words import LANGUAGES
from danbe.ui import STATIC, environment

_HERE = Path(__file__).parent
_ASSETS = ("danbe.css", "danbe.svg")


class SiteError(RuntimeError):
    """A site that is not whole: a dead link, a foreign address. What is published stays as it is."""


@dataclass
class SiteReport:
    """What was built: the folder, the number of pages and files, and notices for whoever runs the command."""

    folder: Path
    pages: int = 0
    files: int = 0
    notices: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Files that differ from the site that stood before; all of them where none did."""
    always: list[str] = field(default_factory=list)
    """Pages that state the edition in force."""


def publish_site(
    release_dir: Path, site_root: Path, *, base_url: str = "", search: bool = True, signer: data.Signer | None = None,
    documents: bool = False,
) -> SiteReport:  # fmt: skip
    """Builds the site of a release into ``site_root/<release id>`` and points ``site_root/current`` to it, in one step.

    Whatever stops it on the way, the site that stands is left as it is, even when it is that of the same release.
    """
    report = prepare_site(release_dir, site_root, base_url=base_url, search=search, signer=signer, documents=documents)
    swap(site_root, report.folder)
    return report


def prepare_site(
    release_dir: Path, site_root: Path, *, base_url: str = "", search: bool = True, signer: data.Signer | None = None,
    documents: bool = False,
) -> SiteReport:  # fmt: skip
    """Builds and checks the site of a release in ``site_root``, and leaves ``current`` where it is: see ``swap``."""
    name = Release(release_dir).id
    with folder_beside(site_root) as building:
        report = build_site(release_dir, building, base_url=base_url, search=search, signer=signer, documents=documents)
        report.changed = keep_unchanged((site_root / "current").resolve(), building, report.always)
        report.folder = settle(building, _free(site_root, name))
    return report


def _free(site_root: Path, name: str) -> Path:
    """``<release id>``, or ``<release id>.2``… where the site of that release stands already."""
    standing = (site_root / "current").resolve()
    if not (site_root / name).exists() or standing != site_root.resolve() / name:
        shutil.rmtree(site_root / name, ignore_errors=True)
        return site_root / name
    shutil.rmtree(site_root / f"{name}.2", ignore_errors=True)
    return site_root / f"{name}.2"


def swap(site_root: Path, target: Path) -> None:
    """Points ``current`` to ``target`` atomically: a reader meets the old site or the new one, never half of one."""
    with tempfile.TemporaryDirectory(prefix=".swap-", dir=site_root) as beside:
        link = Path(beside) / "current"
        link.symlink_to(target.name)
        link.replace(site_root / "current")


def build_site(
    release_dir: Path, out: Path, *, base_url: str = "", search: bool = True, signer: data.Signer | None = None,
    documents: bool = False,
) -> SiteReport:  # fmt: skip
    """Writes the site of a release into ``out``. Raises ``SiteError`` naming each fault found in it.

    ``base_url`` («https://…/») is only needed for the site map, which must name full addresses. ``search`` adds the
    search index, or a notice where its program is missing. ``signer`` signs the check sums and gives the public keys.
    ``documents`` adds presentation and bulletin (PDF, DOCX), some seconds.
    """
    release = Release(release_dir)
    out.mkdir(parents=True, exist_ok=True)
    report = SiteReport(out)
    _assets(out)
    files = data.export(release, out / "data", signer)
    if documents:
        write_documents(release, out)
    if signer:
        (out / ".well-known").mkdir()
        (out / ".well-known" / "danbe-release-keys.json").write_bytes(signer.keys)
    found = pages(release) + services.service_pages(release)
    for language in LANGUAGES:
        env = environment(language, [_HERE / "templates"])
        for page in (p for p in found if p.language == language):
            _write(out, page, env, release, found, files, base_url.rstrip("/"))
        (out / language / "publications.xml").write_text(feed.atom(release, language, base_url.rstrip("/")), "utf-8")
    services.write_agents(out, release, found, [*_ASSETS, "site.css", "services.css", "services.js"])
    write_sheets(out, release)
    write_map(out, release)
    (out / "index.html").write_text(environment("fr", [_HERE / "templates"]).get_template("root.html").render(
        release=release, csp=CSP), "utf-8")  # fmt: skip
    (out / "404.html").write_text(
        environment("fr", [_HERE / "templates"]).get_template("404.html").render(csp=CSP), "utf-8"
    )
    robots = "User-agent: *\nAllow: /\n"
    report.always = [p.path for p in found if _section(p).always_current]
    if base_url:
        cards.write_cards(release, sections.shown(release), out / "static" / "cards")
        base = base_url.rstrip("/")
        _site_map(out, base, found, release)
        robots += f"Sitemap: {base}/sitemap.xml\n"
    else:
        report.notices.append("pas de sitemap.xml : donner l’adresse publique du site (DANBE_SITE_URL ou --base-url)")
    (out / "robots.txt").write_text(robots, "utf-8")
    if faults := problems(out):
        raise SiteError("\n".join(faults))
    if search and (notice := index(out)):
        report.notices.append(notice)
    report.pages = len(found)
    report.files = sum(1 for p in out.rglob("*") if p.is_file())
    return report


# Scripts are ours alone; 'wasm-unsafe-eval' lets the search index run, which is WebAssembly.
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)


def _assets(out: Path) -> None:
    target = out / "static"
    target.mkdir()
    for name in _ASSETS:
        shutil.copyfile(STATIC / name, target / name)
    for path in sorted((_HERE / "static").iterdir()):
        shutil.copyfile(path, target / path.name)


def _section(page: Page) -> sections.Section:
    """The section of a page; a region's is that of the regions."""
    key = "regions" if page.key == "region" else "services" if services.need_of(page) else page.key
    return next(s for s in sections.SECTIONS if s.key == key)


def _write(
    out: Path, page: Page, env: Any, release: Release, all_pages: list[Page], files: list[data.File], base: str
) -> None:
    place = release.places[page.place] if page.place else release.country
    scope = Scope(release, place, page.language)
    section = _section(page)
    template = section.template or section.key
    if page.key == "region":
        context, template = contexts.response(scope), "response"
    elif page.key == "data":
        context = open_data(scope, files)
    elif section.key == "services":
        context = services.context(scope, page, all_pages)
    else:
        context = dict(section.context(scope))
    _data_files(out, page, context)
    others = {p.key: p.path for p in all_pages if p.language == page.language and not p.place}
    html = env.get_template(f"{template}.html").render(
        **context,
        page=page,
        section=section,
        sections=[s for s in sections.shown(release) if s.key != "search"],
        menu=_menu(release, section),
        here=page.key,
        documents=listed(out, page),
        card=f"{base}/static/cards/{section.key}-{page.language}.png" if base else "",
        scope=scope,
        release=release,
        manifest=release.manifest,
        csp=CSP,
        asset=lambda name: page.to(f"static/{name}"),
        link=lambda key: page.to(others[key]),
        region_link=lambda place_id: page.to(f"{page.language}/regions/{region_slug(release, place_id)}.html"),
        file=lambda name: page.to(f"data/{name}"),
        twin=page.to(twin(page, all_pages).path),
    )
    path = out / page.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_tidy(html), "utf-8")


def _menu(release: Release, here: sections.Section) -> list[dict[str, Any]]:
    """The navigation: sections that stand by themselves, and groups with theirs, in the order of the list."""
    found: list[dict[str, Any]] = []
    for section in sections.shown(release):
        title = sections.GROUPS.get(section.group, "")
        group = next((g for g in found if title and g["title"] == title), None)
        if group is None:
            found.append(group := {"title": title, "sections": [], "current": False})
        group["sections"].append(section)
        group["current"] |= section.key == here.key
    return found


def _tidy(html: str) -> str:
    """Templates leave blank lines; readers on slow lines need not download them."""
    return "\n".join(line.strip() for line in html.splitlines() if line.strip()) + "\n"


def _data_files(out: Path, page: Page, context: dict[str, Any]) -> None:
    """The CSV of each figure of a page, beside the page."""
    found = [f for f in context.values() if isinstance(f, Figure)]
    found += list(context.get("maps", [])) + [f for f in (context.get("figures") or {}).values() if f]
    stem = page.path.removesuffix(".html").replace("/", "-")
    for figure in found:
        target = f"data/figures/{stem}-{figure.id}.csv"
        figure.href = page.to(target)
        (out / "data" / "figures").mkdir(exist_ok=True)
        text = figure.csv(page.language)
        figure.size = len(text.encode())
        (out / target).write_text(text, "utf-8", newline="")
        if figure.exports and figure.svg:
            drawn = drawings.exported(figure, page.language, out / "data" / "figures", stem)
            figure.drawn = {k: (page.to(f"data/figures/{n}"), size) for k, (n, size) in drawn.items()}


def _site_map(out: Path, base: str, all_pages: list[Page], release: Release) -> None:
    day = release.manifest["made_at"][:10]
    urls = "".join(f"<url><loc>{base}/{p.path}</loc><lastmod>{day}</lastmod></url>\n" for p in all_pages)
    (out / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n',
        "utf-8",
    )
