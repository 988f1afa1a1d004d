// The one flusher: a lock of the browser, shared by all its tabs, lets a single one send at a time.
import { all, drop, put } from "./queue.mjs";

// Why sending stopped: "" (all sent, or nothing to send), "offline", "signed-out".
export async function flush(addresses, who, changed) {
  if (!navigator.locks) return send(addresses, who, changed);
  return navigator.locks.request("danbe-flush", { ifAvailable: true }, (lock) => (lock ? send(addresses, who, changed) : ""));
}

async function send(addresses, who, changed) {
  const waiting = (await all()).filter((item) => item.who === who && !item.refused);
  if (!waiting.length) return "";
  let state;
  try {
    state = await (await fetch(addresses.state, { cache: "no-store", credentials: "same-origin" })).json();
  } catch {
    return "offline";
  }
  // Filled by one person on a shared computer, never sent in the name of another.
  if (state.who !== who) return "signed-out";
  for (const item of waiting) {
    const body = new FormData();
    for (const { name, file, filename } of item.parts) body.append(name, file, filename);
    let answer;
    try {
      answer = await fetch(addresses.send, { method: "POST", body, headers: { "X-CSRFToken": state.token }, credentials: "same-origin", redirect: "manual" });
    } catch {
      return "offline";
    }
    if (answer.status === 201 || answer.status === 202) await drop(item.id);
    else if (answer.type === "opaqueredirect" || answer.status === 401) return "signed-out";
    else if (answer.status >= 500) return "offline";
    else await put({ ...item, refused: message(await answer.text()) || String(answer.status) });
    await changed();
  }
  return "";
}

function message(text) {
  const found = new DOMParser().parseFromString(text, "text/xml").querySelector("message");
  return found?.textContent?.trim() ?? "";
}
