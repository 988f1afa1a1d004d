// A form as the engine draws it, for whoever fills it in earnest (entry.mjs) or to try it (preview.mjs).
import { createApp, h } from "vue";
import { phrase } from "./phrases.mjs";
import { word as _ } from "./words.mjs";

globalThis.danbePhrase = phrase;
const { OdkWebForm, POST_SUBMIT__NEW_INSTANCE, webFormsPlugin } = await import("@getodk/web-forms");

// What the engine does once a form is sent: an empty one opens.
export const ANOTHER = { next: POST_SUBMIT__NEW_INSTANCE };

function locale(config) {
  const language = document.documentElement.lang;
  const name = (options, date) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }).format(date);
  const days = (weekday) => [...Array(7).keys()].map((n) => name({ weekday }, Date.UTC(2023, 0, 1 + n)));
  const months = (month) => [...Array(12).keys()].map((n) => name({ month }, Date.UTC(2023, n, 1)));
  Object.assign(config, {
    dayNames: days("long"), dayNamesShort: days("short"), dayNamesMin: days("narrow"),
    monthNames: months("long"), monthNamesShort: months("short"), firstDayOfWeek: 1,
  });
  if (language.startsWith("fr")) Object.assign(config, { today: "Aujourd’hui", clear: "Effacer", upload: "Envoyer", choose: "Choisir", cancel: "Annuler", emptyMessage: "Rien à montrer", emptyFilterMessage: "Aucun résultat", emptySearchMessage: "Aucun résultat" });
}

// The engine opens a form in its default language; here it opens in that of the page, where the form has it.
function inPageLanguage(xml) {
  const wanted = document.documentElement.lang.startsWith("fr") ? /\(fr\)|^fr$|^french$|^fran[cç]ais$/i : /\(en\)|^en$|^english$|^anglais$/i;
  const languages = [...xml.matchAll(/<translation\b[^>]*\blang="([^"]*)"[^>]*>/g)].map((m) => m[1]);
  const found = languages.find((language) => wanted.test(language.trim()));
  if (found === undefined) return xml;
  return xml.replace(/<translation\b[^>]*>/g, (tag) => {
    const bare = tag.replace(/\s+default="[^"]*"/, "");
    return bare.includes(`lang="${found}"`) ? bare.replace("<translation", '<translation default="true()"') : bare;
  });
}

// A line above the form that says what became of what was sent.
export function tell(place, text) {
  document.getElementById("danbe-kept")?.remove();
  const told = document.createElement("p");
  told.id = "danbe-kept";
  told.className = "alert alert-good";
  told.setAttribute("role", "status");
  told.textContent = text;
  place.before(told);
  setTimeout(() => told.remove(), 8000);
  scrollTo({ top: 0 });
}

// Draws the form of ``place.dataset`` (xform, media: {name: address}) and says in ``data-ready`` when it stands.
export async function draw(place, onSubmit) {
  const media = JSON.parse(place.dataset.media);
  try {
    const answer = await fetch(place.dataset.xform, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const formXml = inPageLanguage(await answer.text());
    const fetchFormAttachment = async (address) => {
      const name = decodeURIComponent(String(address).split("/").pop());
      return media[name] ? fetch(media[name], { credentials: "same-origin" }) : new Response("", { status: 404 });
    };
    place.replaceChildren();
    const app = createApp({
      render: () => h(OdkWebForm, { formXml, fetchFormAttachment, missingResourceBehavior: "BLANK", trackDevice: true, onSubmit }),
    });
    app.use(webFormsPlugin);
    locale(app.config.globalProperties.$primevue?.config?.locale ?? {});
    app.mount(place);
    place.dataset.ready = "1";
  } catch (error) {
    place.textContent = `${_("Ce formulaire n’a pas pu s’ouvrir.")} ${error.message}`;
  }
}
