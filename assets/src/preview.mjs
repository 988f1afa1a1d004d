// A form to try before it is published: drawn by the same engine, and nothing of it is kept or sent.
import { ANOTHER, draw, tell } from "./form.mjs";
import { word as _ } from "./words.mjs";

const place = document.getElementById("danbe-entry");

await draw(place, (_payload, callback) => {
  tell(place, _("Le formulaire est complet. C’est un essai : rien n’est gardé ni envoyé."));
  callback?.(ANOTHER);
});
