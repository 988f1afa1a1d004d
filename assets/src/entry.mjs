// A form to fill: the engine draws it, the outbox keeps what it gives.
import { ANOTHER, draw, tell } from "./form.mjs";
import { changed, go } from "./outbox.mjs";
import { keep } from "./queue.mjs";
import { word as _ } from "./words.mjs";

const place = document.getElementById("danbe-entry");
const who = Number(document.getElementById("danbe-outbox").dataset.who);

await draw(place, async (payload, callback) => {
  for (const data of [payload.data].flat()) await keep(data, who, place.dataset.title);
  tell(place, _("Gardée sur cet appareil. Elle part dès que le réseau le permet."));
  callback?.(ANOTHER);
  await changed();
  await go();
});
