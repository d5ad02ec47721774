// Show the sections of the course that answer ?q=, best first.  MiniSearch ranks them:
// by the title of a page, a heading, a term or the name of a function, then the text.
"use strict";
{
const WEIGHTS = { title: 9, head: 6, term: 6, work: 1, text: 1 };
const FIELDS = Object.keys(WEIGHTS);
const BESIDE = /claims|teach|api|bibliography|numbers/; // pages that explain little
const SHOWN = 30; // results, and
const AROUND = 30; // words of each
const UNSAID = new Set(("a an the of and or vs versus is are be what which how why when "
  + "do does i my for with to").split(" "));
const WORD = /[\p{L}\p{N}]+/gu;
const NAME = /\w+_\w+/g;

/** The form in which a word is looked for: without its plural, a synonym as its word. */
function processTerm(word) {
  const small = word.toLowerCase();
  if (UNSAID.has(small)) return null;
  const one = small.replace(/(?<=[a-z]{3})(?<!s)s$/, "");
  return SEARCH.synonyms[small] ?? SEARCH.synonyms[one] ?? one;
}

/** The words of a text, and names made of some: he, normal, he_normal. */
const tokenize = text => [...text.match(WORD) ?? [], ...text.match(NAME) ?? []];
const index = new MiniSearch({ fields: FIELDS, tokenize, processTerm });
index.addAll(SEARCH.sections.map(
  (section, id) => ({ id, [section.kind]: section.heading, text: section.text })));

/** The sections that hold all words; if none does, those that hold some. */
function find(query) {
  const options = {
    boost: WEIGHTS,
    boostDocument: id => BESIDE.test(SEARCH.sections[id].url.split("#")[0]) ? 0.5 : 1,
    prefix: word => word.length > 3,
    fuzzy: word => word.length > 4 && 0.2,
  };
  const all = index.search(query, { ...options, combineWith: "AND" });
  return all.length ? all : index.search(query, options);
}

/** The part of a text that holds most of the words looked for, these marked. */
function excerpt(text, wanted) {
  const words = [...text.matchAll(WORD)].map(found => ({
    start: found.index, end: found.index + found[0].length, term: processTerm(found[0]),
  }));
  const hits = words.map(({ term }) => wanted.has(term));
  let best = 0, most = 0;
  hits.forEach((hit, first) => {
    const terms = words.slice(first, first + AROUND).map(({ term }) => term);
    const held = hit ? new Set(terms.filter(term => wanted.has(term))).size : 0;
    if (held > most) [best, most] = [Math.max(0, first - 5), held];
  });
  const part = document.createElement("p");
  let at = words[best]?.start ?? 0;
  if (best > 0) part.append("… ");
  for (let i = best; i < Math.min(best + AROUND, words.length); i++) {
    if (!hits[i]) continue;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(words[i].start, words[i].end);
    part.append(text.slice(at, words[i].start), mark);
    at = words[i].end;
  }
  const last = words[best + AROUND]?.start ?? text.length;
  part.append(text.slice(at, last), last < text.length ? "…" : "");
  return part;
}

function item(result) {
  const { page, heading, url, text } = SEARCH.sections[result.id];
  const link = Object.assign(document.createElement("a"), { href: url });
  link.textContent = heading;
  const row = document.createElement("li");
  row.append(link);
  if (heading !== page) {
    const where = document.createElement("span");
    where.textContent = page;
    row.append(" ", where);
  }
  row.append(excerpt(text, new Set(result.terms)));
  return row;
}

function show(query) {
  const results = query.trim() ? find(query) : [];
  const rows = results.slice(0, SHOWN).map(item);
  document.querySelector("#search-results").replaceChildren(...rows);
  const count = results.length === 1 ? "1 place" : `${results.length} places`;
  const some = results.length > SHOWN ? `; the best ${SHOWN} are listed` : "";
  document.querySelector("#search-count").textContent =
    query.trim() ? `${count} found${some}.` : "";
}

const input = document.querySelector(".bd-search-container input");
input.value = new URLSearchParams(location.search).get("q") ?? "";
input.addEventListener("input", () => show(input.value));
show(input.value);
}
