// Search on demand: the index is fetched only when somebody types. Without JavaScript the list of pages remains.
const form = document.getElementById("search"), box = document.getElementById("query"), out = document.getElementById("results");
form.hidden = false;
let engine, turn = 0;
async function load() {
  engine ??= import(new URL(form.dataset.bundle, location.href).href);
  return engine;
}
function line(found) {
  const item = document.createElement("div"), link = document.createElement("a"), text = document.createElement("p");
  item.className = "result";
  link.href = found.url;
  link.textContent = found.meta.title;
  text.innerHTML = found.excerpt;
  item.append(link, text);
  return item;
}
async function find() {
  const mine = ++turn, words = box.value.trim();
  if (!words) return out.replaceChildren();
  try {
    const { results } = await (await load()).search(words);
    const found = await Promise.all(results.slice(0, 12).map((r) => r.data()));
    if (mine !== turn) return;
    if (found.length) out.replaceChildren(...found.map(line));
    else out.textContent = form.dataset.none;
  } catch {
    out.textContent = form.dataset.missing;
  }
}
let wait;
box.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(find, 250); });
form.addEventListener("submit", (event) => { event.preventDefault(); find(); });
