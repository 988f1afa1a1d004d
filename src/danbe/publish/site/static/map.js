// The map one pans and zooms: our outlines, no tiles. Points near one another are counted together on a grid of the screen.
const box = document.getElementById("map"), words = JSON.parse(box.dataset.words), GRID = 56;
const get = (name) => fetch(new URL(`${box.dataset.root}/${name}`, location.href)).then((r) => (r.ok ? r.json() : { features: [] }));
const colours = ["#f1f6f5", "#dcebe9", "#c5dedb", "#a9cfca", "#8fc1bc"];
function text(tag, content) {
  const item = document.createElement(tag);
  item.textContent = content;
  return item;
}
function said(lines) {
  const item = document.createElement("div");
  item.append(...lines.filter(Boolean).map((line, i) => text(i ? "div" : "strong", line)));
  return item;
}
(async () => {
  const [cercles, services, mechanisms] = await Promise.all([get("cercles.geojson"), get("map/services.geojson"), get("map/mechanisms.geojson")]);
  box.hidden = false;
  document.getElementById("map-choices").hidden = false;
  const map = L.map(box, { attributionControl: true, minZoom: 4, maxZoom: 11, zoomSnap: 0.5 });
  map.attributionControl.setPrefix(false).addAttribution(words.attribution);
  const top = Math.max(1, ...cercles.features.map((f) => f.properties.organisations || 0));
  const plain = { color: "#8a938f", weight: 0.7, fillColor: "#f6f4ee", fillOpacity: 1 };
  const ground = L.geoJSON(cercles, {
    style: plain,
    onEachFeature: (f, layer) => layer.bindTooltip(() => said([f.properties.name, presence() ? `${words.presence} : ${f.properties.organisations ?? words.none}` : ""]), { sticky: true }),
  }).addTo(map);
  map.fitBounds(ground.getBounds());
  const checked = (name) => document.querySelector(`[data-layer="${name}"]`)?.checked, presence = () => checked("presence");
  const kind = document.getElementById("map-kind"), shown = L.layerGroup().addTo(map);
  function draw() {
    ground.setStyle((f) => {
      const n = f.properties.organisations;
      return presence() && n != null ? { ...plain, fillColor: colours[n === 0 ? 0 : Math.min(4, Math.ceil((n / top) * 4))] } : plain;
    });
    shown.clearLayers();
    for (const [name, data, colour] of [["services", services, "#0f6b64"], ["mechanisms", mechanisms, "#b4571c"]]) {
      if (!checked(name)) continue;
      const cells = new Map();
      for (const f of data.features) {
        if (name === "services" && kind.value && !f.properties.categories.split(" ").includes(kind.value)) continue;
        const [lon, lat] = f.geometry.coordinates, p = map.project([lat, lon]), key = `${Math.floor(p.x / GRID)}:${Math.floor(p.y / GRID)}`;
        cells.set(key, [...(cells.get(key) || []), f]);
      }
      for (const found of cells.values()) {
        const lat = found.reduce((s, f) => s + f.geometry.coordinates[1], 0) / found.length;
        const lon = found.reduce((s, f) => s + f.geometry.coordinates[0], 0) / found.length;
        const size = 22 + Math.min(20, found.length * 1.5), shift = name === "services" ? [size, size / 2] : [0, size / 2];
        const icon = L.divIcon({ className: `cluster cluster-${name}`, html: text("span", found.length), iconSize: [size, size], iconAnchor: shift });
        const item = L.marker([lat, lon], { icon, alt: `${words[name]} : ${found.length}`, title: `${words[name]} : ${found.length}` });
        const list = document.createElement("div");
        list.append(...found.slice(0, 12).map((f) => said([f.properties.name, f.properties.place, f.properties.public_phone])));
        if (found.length > 12) list.append(text("div", `+ ${found.length - 12}`));
        item.bindPopup(list, { maxHeight: 220 }).addTo(shown);
      }
    }
  }
  map.on("zoomend", draw);
  document.getElementById("map-choices").addEventListener("change", draw);
  draw();
})();
