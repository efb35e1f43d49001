// Maps. Leaflet is fetched when one comes into view; without tiles of the city we draw it ourselves.

const PIN = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" stroke="currentColor" d="M12 22c4.5-5 7-8.7 7-12a7 7 0 1 0-14 0c0 3.3 2.5 7 7 12z"/><circle cx="12" cy="10" r="2.8"/></svg>';
const CLOSE = 16;
const GROUP_PX = 56;
const EDGE = 6;

let leaflet = null;

function fetchLeaflet({ leaflet: script, leafletCss: sheet }) {
  leaflet = leaflet || Promise.all([
    addToHead("link", { rel: "stylesheet", href: sheet }),
    addToHead("script", { src: script }),
  ]);
  return leaflet;
}

function addToHead(name, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(name), attributes, { onload: resolve, onerror: reject });
    document.head.append(element);
  });
}

let areas = null;

function fetchAreas(address) {
  areas = areas || fetch(address).then((answer) => answer.json());
  return areas;
}

async function openMap(box) {
  const drawing = box.querySelector("svg");
  const [places] = await Promise.all([fetchAreas(box.dataset.areas), fetchLeaflet(box.dataset)]);
  if (drawing) drawing.remove();
  const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = window.L.map(box, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    scrollWheelZoom: box.dataset.map === "issues",
    zoomAnimation: moves,
    fadeAnimation: moves,
    inertia: moves,
  });
  window.L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", box.dataset.label);
  const city = drawGround(map, box.dataset, places);
  map.setMaxBounds(city.pad(0.4));
  map.fitBounds(city, { padding: [8, 8] });
  map.setMinZoom(map.getZoom() - 1);
  return { map, places, city };
}

function drawGround(map, { tilesUrl, tilesAttribution }, places) {
  if (tilesUrl) {
    window.L.tileLayer(tilesUrl, { maxZoom: 19 }).addTo(map);
    window.L.control.attribution({ prefix: false }).addAttribution(tilesAttribution).addTo(map);
  }
  const neighbourhoods = window.L.featureGroup();
  for (const feature of places.features) {
    const { kind, name } = feature.properties;
    const isArea = kind === "neighbourhood";
    if (feature.geometry.type === "Point" || (tilesUrl && !isArea)) continue;
    const className = isArea ? "drawn-area" : `drawn-${kind.replace(/[^a-z-]/gi, "")}`;
    const shape = window.L.geoJSON(feature, { interactive: false, style: { className, fill: true, fillOpacity: 1 } });
    if (isArea) shape.bindTooltip(name, { permanent: true, direction: "center", className: "map-name", pane: "shadowPane" });
    (isArea ? neighbourhoods : map).addLayer(shape);
  }
  neighbourhoods.addTo(map);
  return neighbourhoods.getBounds();
}

// The place of an issue

async function showPlace(box) {
  const { map } = await openMap(box);
  const spot = [Number(box.dataset.lat), Number(box.dataset.lon)];
  if (box.dataset.precision === "area") {
    const reach = window.L.latLng(spot).toBounds(100);
    window.L.rectangle(reach, { className: "map-reach", interactive: false }).addTo(map);
  } else {
    pinAt(spot).addTo(map);
  }
  map.setView(spot, CLOSE - 1);
}

function pinAt(spot, options = {}) {
  const icon = window.L.divIcon({ className: "map-pin", html: PIN, iconSize: [44, 44], iconAnchor: [22, 42] });
  return window.L.marker(spot, { icon, keyboard: false, interactive: Boolean(options.draggable), ...options });
}

// The pin of an issue that is being written

async function choosePlace(box) {
  const fields = { lat: document.getElementById("lat"), lon: document.getElementById("lon") };
  const said = document.getElementById("place-said");
  const { map, places, city } = await openMap(box);
  let pin = null;

  function put(spot, source) {
    pin = pin || pinAt(spot, { draggable: true, alt: box.dataset.pin }).on("dragend", () => put(pin.getLatLng(), "pin")).addTo(map);
    pin.setLatLng(spot);
    if (source !== "fields") {
      fields.lat.value = spot.lat.toFixed(6);
      fields.lon.value = spot.lng.toFixed(6);
      fields.lat.dispatchEvent(new Event("change", { bubbles: true }));
    }
    said.textContent = whereIs(spot, places, box.dataset);
  }

  function followFields() {
    const [lat, lon] = [fields.lat, fields.lon].map((field) => (field.value ? Number(field.value.replace(",", ".")) : NaN));
    if (Number.isNaN(lat) || Number.isNaN(lon) || Math.abs(lat) > 90 || Math.abs(lon) > 180) return;
    const spot = window.L.latLng(lat, lon);
    if (pin && pin.getLatLng().equals(spot, 1e-6)) return;
    put(spot, "fields");
    if (city.contains(spot)) map.setView(spot, Math.max(map.getZoom(), CLOSE));
  }

  map.on("click", (event) => put(event.latlng, "map"));
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    put(map.getCenter(), "keyboard");
  });
  const crosshair = document.createElement("span");
  crosshair.className = "map-crosshair";
  box.append(crosshair);
  for (const field of [fields.lat, fields.lon]) field.addEventListener("change", followFields);
  followFields();
}

function whereIs(spot, places, words) {
  const around = places.features.filter((feature) => feature.properties.kind === "neighbourhood");
  if (!around.length) return words.set;
  const inside = around.find((feature) => contains(feature.geometry, spot.lng, spot.lat));
  return inside ? words.inside.replace("{place}", inside.properties.name) : words.outside;
}

function contains({ type, coordinates }, x, y) {
  if (type === "MultiPolygon") return coordinates.some((polygon) => contains({ type: "Polygon", coordinates: polygon }, x, y));
  return type === "Polygon" && coordinates.reduce((inside, ring) => inside !== crossesOdd(ring, x, y), false);
}

function crossesOdd(ring, x, y) {
  let odd = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [[x1, y1], [x2, y2]] = [ring[at], ring[before]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}

const coordinates = document.querySelector("details.coordinates");
if (coordinates && coordinates.dataset.keepOpen === undefined) coordinates.open = false;

const locate = document.getElementById("locate");
if (locate) locate.addEventListener("click", findMe);

function findMe() {
  const said = document.getElementById("place-said");
  const words = locate.dataset;
  if (!navigator.geolocation) {
    said.textContent = words.failed;
    return;
  }
  said.textContent = words.looking;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const [lat, lon] = [document.getElementById("lat"), document.getElementById("lon")];
      lat.value = coords.latitude.toFixed(6);
      lon.value = coords.longitude.toFixed(6);
      lat.dispatchEvent(new Event("change", { bubbles: true }));
      const found = words.found.replace("{metres}", Math.max(5, Math.round(coords.accuracy)));
      said.textContent = [found, said.textContent === words.looking ? "" : said.textContent].join(" ").trim();
    },
    (refusal) => {
      said.textContent = refusal.code === 1 ? words.denied : words.failed;
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}

// All issues

async function showIssues(box) {
  const { map } = await openMap(box);
  const layer = window.L.layerGroup().addTo(map);
  const more = document.getElementById("map-more");
  let asked = 0;
  async function refresh() {
    const mine = (asked += 1);
    const bbox = map.getBounds().pad(0.1).toBBoxString();
    const answer = await fetch(`${box.dataset.points}?bbox=${bbox}`).catch(() => null);
    if (mine !== asked || !answer || !answer.ok) return;
    const found = await answer.json();
    if (more) more.hidden = !found.more;
    drawGroups(map, layer, found.points, box.dataset);
  }
  map.on("moveend", refresh);
  const { lat, lon, radius } = box.dataset;
  if (radius) map.fitBounds(window.L.latLng(lat, lon).toBounds(2 * radius));
  else refresh();
}

function drawGroups(map, layer, points, words) {
  layer.clearLayers();
  for (const group of grouped(map, points)) {
    layer.addLayer(group.length === 1 ? dotOf(group[0], words) : groupOf(map, group, words));
  }
  keepNamesClear(map, layer);
}

// What would cover the name of a neighbourhood stands just above or below it.
function keepNamesClear(map, layer) {
  const names = [...map.getPane("shadowPane").children].map((name) => name.getBoundingClientRect());
  layer.eachLayer((marker) => {
    const icon = marker.getElement();
    const { left, right, top, bottom } = icon.getBoundingClientRect();
    const beside = names.filter((name) => name.left < right && name.right > left);
    const shifts = beside.flatMap((name) => [name.top - bottom + EDGE, name.bottom - top - EDGE]);
    const isClear = (by) => beside.every((name) => name.top >= bottom + by - EDGE || name.bottom <= top + by + EDGE);
    const shift = [0, ...shifts].sort((a, b) => a * a - b * b).find(isClear);
    icon.style.marginTop = `${shift - 22}px`;
  });
}

function grouped(map, points) {
  const groups = [];
  for (const point of points) {
    const spot = map.project([point.lat, point.lon]);
    const near = groups.find((group) => group.spot.distanceTo(spot) < GROUP_PX);
    if (near) near.points.push(point);
    else groups.push({ spot, points: [point] });
  }
  return groups.map((group) => group.points);
}

function dotOf(point, words) {
  const icon = window.L.divIcon({ className: "map-dot", iconSize: [44, 44] });
  const marker = window.L.marker([point.lat, point.lon], { icon, title: point.title });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", point.title));
  return marker.bindPopup(() => aboutOf(point, words));
}

function aboutOf(point, words) {
  const text = document.createElement("div");
  const link = Object.assign(document.createElement("a"), { href: point.url, textContent: point.title, className: "row-link" });
  const votes = Object.assign(document.createElement("p"), { textContent: words.votes.replace("{n}", point.votes.toLocaleString(document.documentElement.lang)) });
  text.append(link, votes);
  return text;
}

function groupOf(map, group, words) {
  const icon = window.L.divIcon({ className: "map-group", html: String(group.length), iconSize: [44, 44] });
  const bounds = window.L.latLngBounds(group.map((point) => [point.lat, point.lon]));
  const sentence = words.group.replace("{n}", group.length);
  const marker = window.L.marker([group[0].lat, group[0].lon], { icon, title: sentence, alt: sentence });
  return marker.on("click", () => openGroup(map, group, bounds, marker, words));
}

// Issues at the very same spot never come apart by zooming: they are listed instead.
function openGroup(map, group, bounds, marker, words) {
  if (map.getZoom() < 18) {
    map.fitBounds(bounds.pad(0.3), { maxZoom: Math.min(18, map.getZoom() + 3) });
    return;
  }
  const list = document.createElement("div");
  list.append(...group.map((point) => aboutOf(point, words)));
  marker.bindPopup(list).openPopup();
}

// Without script, the list below a map and the words beside it do.

const KINDS = { place: showPlace, pin: choosePlace, issues: showIssues, pilot: showIssues };
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      near.unobserve(entry.target);
      KINDS[entry.target.dataset.map](entry.target).catch(() => entry.target.classList.add("map-failed"));
    }
  },
  { rootMargin: "300px" },
);
document.querySelectorAll("[data-map]").forEach((box) => near.observe(box));
