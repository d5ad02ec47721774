"""The built site: nothing from elsewhere, described, and without dead links."""

import json
import os
import re
from copy import deepcopy
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

import initlib
from initlib.claims import SUBSCRIPT, read_claims, typeset
from tools.paths import NOTEBOOKS, ROOT
from tools.sphinxext.site_files import pages_of

ELSEWHERE = re.compile(r"(?:https?:)?//")
LEAKS = re.compile(r"BEGIN SOLUTION|BEGIN HIDDEN TESTS")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|tmp|Users|work)/\w+")


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, BeautifulSoup]:
    return {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in pages_of(site)
    }


@pytest.fixture(scope="module")
def chapters(pages) -> dict[Path, BeautifulSoup]:
    return {path: page for path, page in pages.items() if "chapters" in path.parts}


def loaded(page) -> list[str]:
    """Return the addresses of everything that a page loads by itself."""
    tags = page.select("[src], link[rel=stylesheet], link[rel=icon], [srcset], object")
    tags = [
        tag for tag in tags if not tag.find_parent(popover=True)
    ]  # not before opened
    found = [tag.get("src", tag.get("href", tag.get("data"))) for tag in tags]
    return [address for address in found if address]


def test_every_page_of_the_contents_is_built(site, pages):
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    names = [toc["root"]]
    names += [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    assert {site / f"{name}.html" for name in names} <= pages.keys()
    on_disk = {*ROOT.glob("book/**/*.md"), *NOTEBOOKS}
    assert {str(path.relative_to(ROOT).with_suffix("")) for path in on_disk} == {*names}


def test_no_page_loads_anything_from_elsewhere(pages):
    strange = {
        f"{path.name}: {address}"
        for path, page in pages.items()
        for address in loaded(page)
        if ELSEWHERE.match(address)
    }
    assert strange == set()


def test_no_style_loads_anything_from_elsewhere(site):
    css = (site / "_static" / "site.css").read_text(encoding="utf-8")
    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*", css) == []
    assert "@import" not in css


def test_images_are_described_and_keep_their_room(pages):
    for path, page in pages.items():
        for image in page.select("img"):
            assert image.get("alt"), f"{path.name}: {image}"
            assert not image["alt"].startswith(("../", "_images")), image["alt"]
            assert int(image["width"]) > 0, f"{path.name}: {image}"
            assert int(image["height"]) > 0, f"{path.name}: {image}"


def test_pages_say_what_they_are(pages):
    for path, page in pages.items():
        assert len(page.select("h1")) == 1, path.name
        assert page.html["lang"] == "en"
        if path.name != "search.html":
            (description,) = page.select('meta[name="description"]')
            assert len(description["content"]) > 40, path.name
            assert page.select_one('meta[property="og:title"]')


def test_formulas_are_rendered_in_the_page(chapters):
    for path, page in chapters.items():
        assert page.select(".katex"), path.name
        assert not page.select(".katex-error"), path.name
        for equation in page.select("div.math[id]"):
            assert equation.select_one(".eqno"), path.name


def test_links_within_the_site_lead_somewhere(site, pages):
    anchors = {
        path: {tag["id"] for tag in page.find_all(id=True)}
        for path, page in pages.items()
    }
    dead = []
    for path, page in pages.items():
        for link in page.select("a[href]"):
            if re.match(r"[a-z]+:|//", link["href"]):
                continue
            address, _, anchor = unquote(link["href"]).partition("#")
            target = Path(os.path.normpath(path.parent / address)) if address else path
            known = anchors.get(target)
            if not target.is_file() or (anchor and known and anchor not in known):
                dead.append(f"{path.relative_to(site)}: {link['href']}")
    assert dead == []


def test_page_of_claims_lists_each_claim_where_it_is_made(site, pages):
    index = pages[site / "book" / "appendix" / "claims.html"]
    links = {link["href"]: link.get_text() for link in index.select("a[href*=claim-]")}
    for path in NOTEBOOKS:
        chapter = pages[site / path.relative_to(ROOT).with_suffix(".html")]
        folder = "" if path.parent.name == "appendix" else "../chapters/"
        for claim in read_claims(json.loads(path.read_text("utf-8"))):
            address = f"{folder}{path.stem}.html#{claim['id']}"
            sentence = SUBSCRIPT.sub(r"\1", typeset(claim["statement"]))
            assert links.pop(address) == sentence
            assert sentence in chapter.find(id=claim["id"]).get_text()
    assert {href for href in links if not href.startswith("#")} == set()


def test_statements_are_listed_when_settled(site, pages):
    page = pages[site / "book" / "appendix" / "true-or-false.html"]
    settled = {
        claim["settles"]
        for path in NOTEBOOKS
        for claim in read_claims(json.loads(path.read_text("utf-8")))
    }
    listed = {box["id"].upper() for box in page.select(".settled")}
    assert listed == settled - {None}


@pytest.fixture(scope="module")
def kinds(pages) -> dict[str, set[str]]:
    """Return of what classes the place is to which an address leads."""
    return {
        f"{path}#{tag['id']}": {*tag.get("class", [])}
        for path, page in pages.items()
        for tag in page.find_all(id=True)
    }


def unsettled(box: Tag | None, here: Path, kinds: dict[str, set[str]]) -> list[str]:
    """Return links below an answer that lead to neither a claim nor an exercise."""
    links = box.select("li > p:first-child > a") if box else []
    found = [link["href"] for link in links]
    places = [os.path.normpath(here.parent / address) for address in found]
    return [
        address
        for address, place in zip(found, places, strict=True)
        if not kinds.get(place, set()) & {"claim", "exercise"}
    ] or ["nothing"] * (not links)


def test_statements_and_questions_lead_to_claims_and_exercises(site, pages, kinds):
    listed = {"true-or-false": ("s", 49), "faq": ("c", 27)}
    for name, (letter, most) in listed.items():
        here = site / "book" / "appendix" / f"{name}.html"
        boxes = {tag["id"]: tag for tag in pages[here].select("[id]")}
        for number in (f"{letter}{n}" for n in range(1, most + 1)):
            assert unsettled(boxes.get(number), here, kinds) == [], number


def test_answers_that_lead_elsewhere_are_noticed(site, pages, kinds):
    here = site / "book" / "appendix" / "faq.html"
    box = BeautifulSoup(str(pages[here].find(id="c23")), "html.parser")
    for wrong in ("exercises", "exercise-15-9"):
        box.a["href"] = f"../chapters/15-what-the-start-decides.html#{wrong}"
        assert unsettled(box, here, kinds) == [box.a["href"]]
    box.clear()
    assert unsettled(box, here, kinds) == unsettled(None, here, kinds) == ["nothing"]


def not_at_the_top(page) -> list[str]:
    """Return what the API lists and `initlib` does not offer, figures apart."""
    ids = [tag["id"].split(".") for tag in page.select("dt[id^='initlib.']")]
    return [
        ".".join(parts)
        for parts in ids
        if len(parts) == 3 and parts[1] not in ("plotting", "widgets")
        if parts[2] not in initlib.__all__
    ]


def test_what_cannot_be_imported_from_the_top_is_noticed(pages, site):
    page = deepcopy(pages[site / "book" / "appendix" / "api.html"])
    page.select_one("dt[id='initlib.claims.claim']")["id"] = "initlib.claims.told"
    assert not_at_the_top(page) == ["initlib.claims.told"]


def test_api_page_lists_every_public_name(site, pages):
    page = pages[site / "book" / "appendix" / "api.html"]
    listed = {tag["id"].rpartition(".")[2] for tag in page.select("dt[id]")}
    public = {
        name
        for name in initlib.__all__
        if callable(value := getattr(initlib, name))
        and not isinstance(value, initlib.Activation)
        and name not in ("Initializer", "Params")
    }
    assert public <= listed
    assert not_at_the_top(page) == []
    text = page.select_one("article").get_text()
    assert "*args" not in text
    assert "weight_var, bias_var" in text  # names that share a description


def test_launch_buttons_lead_to_the_notebook(site, chapters):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    owner_and_name = "/".join(config["repository"]["url"].split("/")[-2:])
    for path, page in chapters.items():
        notebook = path.relative_to(site).with_suffix(".ipynb")
        links = [link["href"] for link in page.select(".dropdown-launch-buttons a")]
        assert any(
            link.startswith(f"https://mybinder.org/v2/gh/{owner_and_name}/")
            and link.endswith(f"lab/tree/{notebook}")
            for link in links
        )
        assert any(link.startswith("https://colab") for link in links)
        assert (site / "_sources" / notebook).is_file()


def test_sitemap_lists_the_pages(site, pages):
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    for path in pages:
        name = str(path.relative_to(site))
        assert (f"/{name}<" in sitemap) == (name != "search.html"), name


def test_sitemap_leads_to_pages_at_the_public_address(site):
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    home = urlsplit(config["html"]["baseurl"])
    for address in re.findall(r"<loc>(.*?)</loc>", sitemap):
        assert address.startswith(home.geturl())
        assert (site / address.removeprefix(home.geturl())).is_file()


def test_nothing_leaks_into_the_site(site):
    for path in site.rglob("*"):
        if path.suffix in (".html", ".ipynb", ".js", ".md", ".txt", ".svg"):
            text = path.read_text(encoding="utf-8")
            assert not LEAKS.search(text), path
            assert not MACHINE_PATH.search(text), path
    assert not list(site.glob("_sources/assignments"))
    assert not (site / "_static" / "scripts" / "fontawesome.js").exists()
