// Writing an issue: what is typed survives a closed tab and a lost connection, and is sent once.

const KEPT_AS = "buurtlab-draft";
const KEPT_FOR_MS = 24 * 3600 * 1000;
const FIELDS = ["title", "description", "address", "lat", "lon", "precision", "theme", "source"];

const form = document.getElementById("filing");
const draft = form.elements.namedItem("draft");
const offline = document.getElementById("offline");
const restored = document.getElementById("restored");

function readKept() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS));
    return kept && Date.now() - kept.at < KEPT_FOR_MS ? kept : null;
  } catch {
    return null;
  }
}

let startsAfresh = false;

function keep() {
  if (startsAfresh) return;
  const typed = {};
  for (const name of FIELDS) typed[name] = form.elements.namedItem(name)?.value ?? "";
  try {
    const photos = Number(document.getElementById("photos").dataset.count);
    localStorage.setItem(KEPT_AS, JSON.stringify({ draft: draft.value, typed, photos, at: Date.now() }));
  } catch {
    // Storage is full or switched off; the form itself still works.
  }
}

function forget() {
  try {
    localStorage.removeItem(KEPT_AS);
  } catch {
    // Nothing was kept.
  }
}

function isUntouched() {
  return ["title", "description", "address", "lat"].every((name) => !form.elements.namedItem(name).value);
}

function putBack(kept) {
  if (kept.photos && kept.draft !== draft.value) form.dataset.photosWait = "yes";
  draft.value = kept.draft;
  for (const name of FIELDS) {
    const field = form.elements.namedItem(name);
    if (field && kept.typed[name]) field.value = kept.typed[name];
  }
  for (const name of ["title", "description", "lat"]) {
    form.elements.namedItem(name).dispatchEvent(new Event(name === "lat" ? "change" : "input", { bubbles: true }));
  }
  restored.hidden = !(kept.typed.title || kept.typed.description);
}

const kept = readKept();
if (kept && isUntouched() && !document.getElementById("error-summary")) putBack(kept);

let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 400);
});
form.addEventListener("change", keep);
form.addEventListener("photos-changed", keep);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && !isUntouched() && keep());

document.getElementById("start-afresh").addEventListener("click", () => {
  // Leaving the page would keep what is still in the fields.
  startsAfresh = true;
  forget();
  location.assign(location.pathname);
});

// Enter in a one-line field would press the first button of the form; people expect it to do nothing here.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input:not([type=submit]):not([type=file])")) event.preventDefault();
});

function showConnection() {
  offline.hidden = navigator.onLine;
}
window.addEventListener("online", showConnection);
window.addEventListener("offline", showConnection);
showConnection();

form.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.id !== "send") return;
  keep();
  if (!navigator.onLine) {
    event.preventDefault();
    offline.scrollIntoView({ block: "nearest" });
  } else if (form.dataset.sent) {
    event.preventDefault();
  } else {
    form.dataset.sent = "yes";
    showBusy(true);
  }
});

function showBusy(busy) {
  const button = document.getElementById("send");
  button.dataset.says = button.dataset.says || button.textContent;
  button.textContent = busy ? form.dataset.busy : button.dataset.says;
  button.setAttribute("aria-disabled", String(busy));
}

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  delete form.dataset.sent;
  showBusy(false);
});

// The suggestions need the words, not the photos.
document.addEventListener("htmx:config:request", (event) => {
  const { body } = event.detail.ctx.request;
  if (body instanceof FormData) body.delete("photos");
});

const coordinates = document.querySelector("details.coordinates");
if (coordinates && coordinates.dataset.keepOpen === undefined) coordinates.open = false;
