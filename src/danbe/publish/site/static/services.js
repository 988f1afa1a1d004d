// Keeps these pages for later, and hides what was last verified too long ago on the day they are read.
const today = new Date().toISOString().slice(0, 10), main = document.querySelector("[data-agent]");
for (const item of document.querySelectorAll("[data-last-day]")) {
  if (item.dataset.lastDay < today) {
    item.textContent = main.dataset.old;
    item.classList.add("soft");
  }
}
if (main && "serviceWorker" in navigator) {
  const said = document.getElementById("kept");
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data.kept && said) said.hidden = false;
  });
  navigator.serviceWorker.register(main.dataset.agent).then(() => navigator.serviceWorker.ready).then((held) => {
    const pages = JSON.parse(main.dataset.together || "[]").map((page) => new URL(page, location.href).href);
    held.active.postMessage({ keep: [location.href.split("#")[0], ...pages] });
  });
}
