// Writing an issue: what is typed survives a closed tab and a lost connection, and is sent once.

// One entry for each form, so that two tabs do not write over each other; see forgetDrafts in site.js.
const KEPT_AS = "buurtlab-draft-";
const KEPT_FOR_MS = 24 * 3600 * 1000;
const FIELDS = ["title", "description", "address", "lat", "lon", "precision", "theme", "source"];

const form = document.getElementById("filing");
const draft = form.elements.namedItem("draft");
const offline = document.getElementById("offline");
const restored = document.getElementById("restored");
const keeps = form.dataset.keep !== "no";
if (!draft.value) draft.value = newNumber();
// The way back leads to the form, also after a refusal; a browser that fills in half of it would keep us from the whole.
if (keeps) form.autocomplete = "off";
if (location.pathname === "/issues") history.replaceState(null, "", "/issues/new");

// The page that is kept for lost connections has none.
function newNumber() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function readKept(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(name));
    if (kept && Date.now() - kept.at < KEPT_FOR_MS) return kept;
    localStorage.removeItem(name);
  } catch {
    // Storage is switched off.
  }
  return null;
}

function allKept() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(KEPT_AS));
    return names.map(readKept).filter(Boolean).sort((one, other) => other.at - one.at);
  } catch {
    return [];
  }
}

// True when no other tab works on this draft. It waits a moment: a page that is loaded anew lets go only then.
function claim(id) {
  if (!navigator.locks) return Promise.resolve(true);
  const patience = new AbortController();
  setTimeout(() => patience.abort(), 300);
  return new Promise((answer) => {
    const hold = () => new Promise(() => answer(true));
    navigator.locks.request(KEPT_AS + id, { signal: patience.signal }, hold).catch(() => answer(false));
  });
}

let startsAfresh = false;

function keep() {
  if (startsAfresh || !keeps) return;
  const typed = {};
  for (const name of FIELDS) typed[name] = form.elements.namedItem(name)?.value ?? "";
  try {
    const photos = Number(document.getElementById("photos").dataset.count);
    localStorage.setItem(KEPT_AS + draft.value, JSON.stringify({ draft: draft.value, typed, photos, at: Date.now() }));
  } catch {
    // Storage is switched off; the form still works.
  }
}

function forget() {
  try {
    localStorage.removeItem(KEPT_AS + draft.value);
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
  for (const name of ["title", "description", "lat"]) say(name);
  restored.hidden = !(kept.typed.title || kept.typed.description);
  form.dispatchEvent(new Event("put-back"));
}

async function putBackNewest() {
  if (!keeps || !isUntouched() || document.getElementById("error-summary")) return claim(draft.value);
  for (const kept of allKept()) {
    if (await claim(kept.draft)) return isUntouched() && putBack(kept);
  }
  return claim(draft.value);
}
putBackNewest();

let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 400);
});
form.addEventListener("change", keep);
form.addEventListener("photos-changed", keep);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && !isUntouched() && keep());

document.getElementById("start-afresh")?.addEventListener("click", () => {
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
  rememberSent();
  if (!navigator.onLine) {
    event.preventDefault();
    keepForLater().catch(() => offline.scrollIntoView({ block: "nearest" }));
  } else if (form.dataset.sent) {
    event.preventDefault();
  } else {
    form.dataset.sent = "yes";
    showBusy(true);
  }
});

// Several can wait; each goes under its own number, so that it becomes one issue.
async function keepForLater() {
  const isPlace = form.elements.namedItem("lat").value || form.elements.namedItem("address").value;
  const missing = [!form.elements.namedItem("title").value && "title", !form.elements.namedItem("description").value && "description", !isPlace && "address"];
  const first = missing.find(Boolean);
  if (first) return form.elements.namedItem(first).focus();
  const fields = { draft: draft.value };
  for (const name of FIELDS) fields[name] = form.elements.namedItem(name)?.value ?? "";
  await self.queue.put(self.queue.ISSUES, { id: draft.value, fields, state: "waiting", at: Date.now() });
  localStorage.setItem("buurtlab-kept", "yes");
  beginAnother();
  await showKept();
  kept.focus();
  const worker = await navigator.serviceWorker?.getRegistration();
  worker?.sync?.register("buurtlab-queue").catch(() => {});
}

function beginAnother() {
  clearTimeout(waiting);
  forget();
  empty();
  draft.value = newNumber();
  claim(draft.value);
  form.dispatchEvent(new Event("put-back"));
}

function empty() {
  form.reset();
  const photos = document.getElementById("photos");
  photos.replaceChildren();
  photos.dataset.count = 0;
  for (const name of ["title", "description", "lat"]) say(name);
}

function say(name) {
  form.elements.namedItem(name).dispatchEvent(new Event(name === "lat" ? "change" : "input", { bubbles: true }));
}

const kept = document.getElementById("kept");

async function showKept() {
  const issues = await self.queue.all();
  kept.hidden = !issues.length;
  document.getElementById("kept-list").replaceChildren(...issues.map(rowOf));
}

function rowOf(issue) {
  const row = document.getElementById("kept-row").content.cloneNode(true);
  row.querySelector("strong").textContent = issue.fields.title;
  row.querySelector("span").textContent = kept.dataset[issue.state === "sign-in" ? "signIn" : issue.state];
  row.querySelector("[data-do=change]").addEventListener("click", () => change(issue));
  row.querySelector("[data-do=forget]").addEventListener("click", () => self.queue.forget(issue.id).then(showKept));
  return row;
}

async function change(issue) {
  if (!isUntouched()) keep();
  empty();
  await self.queue.drop(self.queue.ISSUES, issue.id);
  putBack({ draft: issue.id, typed: issue.fields });
  keep();
  await showKept();
  form.elements.namedItem("title").focus();
}

if (kept && self.queue) {
  showKept().catch(() => {});
  document.addEventListener("queue-sent", showKept);
  navigator.serviceWorker?.register(`/sw.js?lang=${document.documentElement.lang}`).catch(() => {});
}

function rememberSent() {
  if (!keeps) return;
  try {
    sessionStorage.setItem("buurtlab-sent", KEPT_AS + draft.value);
  } catch {
    // Then it is put back once more.
  }
}

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
