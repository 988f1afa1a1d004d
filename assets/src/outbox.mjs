// The visible queue, on every entry page: what waits, what was refused and why, and the button that sends.
import { flush } from "./flush.mjs";
import { all, drop, put } from "./queue.mjs";
import { word as _ } from "./words.mjs";

const place = document.getElementById("danbe-outbox");
const who = Number(place.dataset.who);
let stopped = "", busy = false;

function made(tag, text = "", attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function line(item) {
  const row = made("li", "", { class: "waiting" });
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(item.at);
  row.append(made("strong", item.title), made("span", ` · ${when} · ${item.refused ? _("refusée") : _("à envoyer")}`));
  if (item.refused) {
    const again = made("button", _("Réessayer"), { type: "button", class: "button button-plain" });
    again.onclick = async () => { await put({ ...item, refused: "" }); await go(); };
    const gone = made("button", _("Supprimer"), { type: "button", class: "button button-danger" });
    gone.onclick = async () => { if (confirm(_("Supprimer pour de bon cette soumission, qui n’a pas été reçue ?"))) { await drop(item.id); await changed(); } };
    const actions = made("div", "", { class: "actions" });
    actions.append(again, gone);
    row.append(made("p", item.refused, { class: "small" }), actions);
  }
  return row;
}

export async function show() {
  const items = await all();
  const mine = items.filter((item) => item.who === who);
  const parts = [];
  if (mine.length) {
    const list = made("ul", "", { class: "outbox-list" });
    list.append(...mine.map(line));
    const send = made("button", busy ? _("Envoi…") : _("Envoyer maintenant"), { type: "button", class: "button button-main" });
    send.disabled = busy;
    send.onclick = go;
    parts.push(made("h2", `${_("Sur cet appareil")} (${mine.length})`), list, send);
  } else if (!place.dataset.compact) parts.push(made("p", _("Rien n’attend sur cet appareil.")));
  if (stopped === "offline" || (!navigator.onLine && mine.length)) parts.push(made("p", _("Sans réseau : tout est gardé ici et partira dès que possible."), { class: "small" }));
  if (stopped === "signed-out" && mine.length) {
    const told = made("p", _("Reconnectez-vous pour envoyer ce qui attend.") + " ");
    told.append(made("a", _("Se connecter"), { href: place.dataset.login }));
    parts.push(told);
  }
  if (items.length > mine.length) parts.push(made("p", _("Une autre personne a des soumissions en attente sur cet appareil : elle doit se connecter pour les envoyer."), { class: "small" }));
  place.replaceChildren(...parts);
  place.dataset.count = String(mine.length);
}

// The other tabs of this browser show the same queue.
const others = new BroadcastChannel("danbe-outbox");
others.onmessage = () => show();
export async function changed() {
  await show();
  others.postMessage("changed");
}

export async function go() {
  if (busy) return;
  busy = true;
  await show();
  try {
    stopped = await flush({ state: place.dataset.state, send: place.dataset.send }, who, changed);
  } finally {
    busy = false;
    await show();
  }
}

// Keeps each form offered, with its page and its media, so that all open without network.
async function prepare() {
  const links = [...document.querySelectorAll("a[data-form]")].map((a) => a.href);
  const cache = await caches.open("danbe-pages");
  for (const href of [place.dataset.scope, ...links]) {
    const answer = await fetch(href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    await cache.put(href, answer.clone());
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("danbe-entry");
    if (!page) continue;
    for (const address of [page.dataset.xform, ...Object.values(JSON.parse(page.dataset.media))]) {
      const file = await fetch(address, { credentials: "same-origin" });
      if (file.ok && !file.redirected) await cache.put(address, file);
    }
  }
  place.dataset.ready = "1";
}

addEventListener("online", go);
document.addEventListener("visibilitychange", () => { if (!document.hidden) go(); });
setInterval(() => { if (navigator.onLine) go(); }, 60_000);
navigator.storage?.persist?.();
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(place.dataset.worker, { scope: place.dataset.scope });
  navigator.serviceWorker.ready.then(() => { if (navigator.onLine) prepare().catch(() => {}); });
}
await go();
