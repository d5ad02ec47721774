// Python, away from the page: load a pinned Pyodide once, then run cells in turn.

const here = (name) => new URL(name, import.meta.url);
const say = (kind, content) => postMessage(JSON.stringify({ kind, ...content }));
const request = self.fetch;

/** Fetch a file, and refuse it if it is not the one that was pinned. */
function pin({ core, integrity }) {
  self.fetch = (resource, options) => {
    const address = String(resource.url ?? resource);
    const hash = address.startsWith(core) && integrity[address.slice(core.length)];
    return request(resource, hash ? { ...options, integrity: hash } : options);
  };
}

async function bytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return response.arrayBuffer();
}

/** Import a module that was checked. */
async function load(address) {
  const blob = new Blob([await bytes(address)], { type: "text/javascript" });
  return import(URL.createObjectURL(blob));
}

async function start() {
  say("status", { text: "Loading Python. The first time takes a minute." });
  const release = JSON.parse(new TextDecoder().decode(await bytes(here("release.json"))));
  pin(release);
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(
    ["pyodide.mjs", "pyodide.asm.mjs"].map((name) => load(release.core + name)));
  const pyodide = await loadPyodide({
    createPyodideModule,
    env: { MPLBACKEND: "module://cells" },
    indexURL: release.core,
    lockFileContents: await (await fetch(`${release.core}pyodide-lock.json`)).json(),
    packageBaseUrl: release.packages,
  });
  const [library, cells] = await Promise.all(
    ["initlib.zip", "cells.py"].map((name) => bytes(here(name))));
  const folder = pyodide.runPython("import site; site.getsitepackages()[0]");
  pyodide.unpackArchive(library, "zip", { extractDir: folder });
  pyodide.FS.writeFile(`${folder}/cells.py`, new Uint8Array(cells));
  const module = pyodide.pyimport("cells");
  return { pyodide, module, session: module.Session(postMessage) };
}

async function loadPackages({ pyodide, module }, sources) {
  const names = module.needed(pyodide.toPy(sources)).toJs();
  const problems = [];
  await pyodide.loadPackagesFromImports(names.map((name) => `import ${name}`).join("\n"), {
    checkIntegrity: true,
    errorCallback: (text) => problems.push(text),
    messageCallback: (text) => text.startsWith("Loading") && say("status", { text }),
  });
  if (problems.length) throw new Error(problems.join(" "));
}

let python;

async function answer({ action, sources }) {
  try {
    python ??= start();
    const started = await python;
    await loadPackages(started, sources);
    started.session[action](started.pyodide.toPy(sources));
    say("done", { action });
  } catch (error) {
    say("failed", { text: error.message });
  }
}

let turn = Promise.resolve();
self.addEventListener("message", ({ data }) => {
  turn = turn.then(() => answer(data));
});
