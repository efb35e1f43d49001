// What every page gets: messages read aloud, focus kept after a swap, counters, forms that send once.

document.documentElement.classList.add("js");

const messages = document.getElementById("messages");

function announce(sentence) {
  const line = document.createElement("p");
  line.className = "visually-hidden";
  line.textContent = sentence;
  messages.replaceChildren(line);
}

document.addEventListener("announce", (event) => announce(event.detail));

function countCharacters(counter) {
  const field = document.getElementById(counter.dataset.counts);
  const left = Number(counter.dataset.most) - [...field.value].length;
  const sentence = left < 0 ? counter.dataset.over : counter.dataset.left;
  counter.textContent = sentence.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
  counter.classList.toggle("counter-over", left < 0);
  // Only near the limit does a screen reader hear it.
  counter.setAttribute("aria-live", left < Number(counter.dataset.most) / 10 ? "polite" : "off");
}

document.addEventListener("input", (event) => {
  const counter = event.target.id && document.querySelector(`[data-counts="${CSS.escape(event.target.id)}"]`);
  if (counter) countCharacters(counter);
});

// Focus and messages around a swap

let hadFocus = null;

document.addEventListener("htmx:before:swap", (event) => {
  const active = document.activeElement;
  hadFocus = active !== document.body && event.target.contains(active) ? active : null;
});

document.addEventListener("htmx:after:settle", (event) => {
  const roots = (event.detail.newContent || []).filter((node) => node.nodeType === Node.ELEMENT_NODE);
  for (const root of roots) {
    root.querySelectorAll("[data-counts]").forEach(countCharacters);
    if (root.dataset.announce) announce(root.dataset.announce);
  }
  const lost = hadFocus && !hadFocus.isConnected && document.activeElement === document.body;
  const wanted = roots.map((root) => root.querySelector("[data-focus]")).find(Boolean);
  if (wanted) focusOn(wanted);
  else if (lost && roots.length) focusOn(roots[0].querySelector(".card-link, .comment, .draft-photo input") || roots[0]);
  hadFocus = null;
});

function focusOn(element) {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}

// Addresses of lists stay short: a filter that is not set is not in them.
document.addEventListener("htmx:config:request", (event) => {
  const { method, body } = event.detail.ctx.request;
  if (method !== "GET" || !body) return;
  for (const [name, value] of [...body]) if (value === "") body.delete(name);
});

document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (response) messages.querySelector(".notice-afloat")?.remove();
  if (response && response.status < 300 && sourceElement.dataset.done) announce(sourceElement.dataset.done);
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (!ctx || ctx.sourceElement.dataset.silent !== undefined) return;
  const notice = document.getElementById("no-connection").content.cloneNode(true);
  messages.replaceChildren(notice);
});

// Forms that send once; a page from the back-forward cache starts anew

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.forget !== undefined) forgetDrafts(true);
  if (form.dataset.once === undefined || form.dataset.hxPost !== undefined) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// What filing.js keeps: all of it when somebody leaves, else what this tab has just filed.
function forgetDrafts(all) {
  try {
    const which = (!all && sessionStorage.getItem("buurtlab-sent")) || "buurtlab-draft-";
    Object.keys(localStorage).filter((name) => name.startsWith(which)).forEach((name) => localStorage.removeItem(name));
    if (all) localStorage.removeItem("buurtlab-kept");
    if (all) indexedDB.deleteDatabase("buurtlab");
  } catch {
    // Storage is switched off: then nothing was kept either.
  }
}

if (document.querySelector('[data-notice="signed-out"]')) forgetDrafts(true);
if (document.querySelector('[data-notice="filed"]')) forgetDrafts(false);

// What was written without a connection leaves from whatever page is open.

async function sendKept() {
  const root = document.documentElement;
  try {
    if (!navigator.onLine || !localStorage.getItem("buurtlab-kept")) return;
    await import(root.dataset.queue);
    await self.queue.send("signedIn" in root.dataset, showSent);
    if (!(await self.queue.all()).length) localStorage.removeItem("buurtlab-kept");
  } catch {
    // Storage is switched off: then nothing was kept either.
  }
}

function showSent(path) {
  document.dispatchEvent(new CustomEvent("queue-sent"));
  if (!path || path === location.pathname) return;
  const isFiled = !path.startsWith("/sign-in");
  const notice = document.getElementById(isFiled ? "kept-filed" : "kept-sign-in").content.cloneNode(true);
  notice.querySelector("a").href = path;
  messages.replaceChildren(notice);
}

window.addEventListener("online", sendKept);
navigator.serviceWorker?.addEventListener("message", (event) => showSent(event.data.sent));
sendKept();

// Sharing an address

for (const button of document.querySelectorAll("[data-share]")) {
  const canShare = Boolean(navigator.share);
  button.hidden = !canShare && !navigator.clipboard;
  button.addEventListener("click", () => {
    const { share, title, copied } = button.dataset;
    if (canShare) navigator.share({ url: share, title }).catch(() => {});
    else navigator.clipboard.writeText(share).then(() => showBeside(button, copied));
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

function showBeside(button, sentence) {
  const line = document.createElement("span");
  line.className = "small subtle";
  line.textContent = sentence;
  button.after(line);
  announce(sentence);
  setTimeout(() => line.remove(), 4000);
}

document.querySelectorAll("[data-counts]").forEach(countCharacters);
const wrong = document.querySelector("[data-focus]");
if (wrong) focusOn(wrong);
