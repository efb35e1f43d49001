// Photos are made smaller here and sent one by one while people go on typing; the form then goes without them.

const LONGEST_SIDE = 1600;
const QUALITY = 0.85;
const SMALL_ENOUGH_BYTES = 300 * 1024;

const form = document.getElementById("filing");
const region = document.getElementById("photo-fields");
const input = document.getElementById("photo-files");
const uploads = document.getElementById("uploads");
const words = region.dataset;

let queue = Promise.resolve();
let waiting = 0;

input.addEventListener("change", () => {
  const files = [...input.files];
  input.value = "";
  takeIn(files);
});

function takeIn(files) {
  const most = Number(words.most);
  const there = Number(document.getElementById("photos").dataset.count) + waiting + uploads.querySelectorAll(".draft-photo").length;
  for (const file of files.slice(0, Math.max(0, most - there))) add(file);
  if (there + files.length > most) say(uploads.appendChild(row(words.tooMany)), words.tooMany);
}

function add(file) {
  const line = row(words.sending.replace("{file}", file.name));
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", file.name);
  line.append(bar);
  uploads.append(line);
  waiting += 1;
  queue = queue.then(() => send(file, line, bar)).finally(() => {
    waiting -= 1;
  });
}

function row(sentence) {
  const line = document.createElement("li");
  const text = document.createElement("p");
  text.textContent = sentence;
  line.append(text);
  return line;
}

async function send(file, line, bar) {
  const blob = await shrink(file);
  try {
    const html = await post(blob, file, bar);
    line.remove();
    showPhotos(html);
    const wrong = document.querySelector("#photos-error .field-error");
    tell(wrong ? wrong.textContent.trim() : words.added.replace("{file}", file.name));
  } catch (refusal) {
    if (!navigator.onLine && (await keepHere(blob, file))) line.remove();
    else offerRetry(file, line, bar, typeof refusal === "string" ? refusal : "");
  }
}

function post(blob, file, bar) {
  const body = new FormData();
  body.append("draft", form.elements.namedItem("draft").value);
  for (const alt of region.querySelectorAll("input[name^='alt-']")) body.append(alt.name, alt.value);
  body.append("photo_alt", file.alt || "");
  body.append("photos", blob, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", words.upload);
    request.setRequestHeader("HX-Request", "true");
    request.timeout = 120000;
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.loaded < event.total) [bar.max, bar.value] = [event.total, event.loaded];
      else bar.removeAttribute("value");
    };
    request.onload = () => (request.status === 200 ? resolve(request.responseText) : reject(sentenceIn(request.responseText)));
    request.onerror = request.ontimeout = () => reject();
    request.send(body);
  });
}

function sentenceIn(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}

function showPhotos(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("photos");
  if (!fresh) return;
  // An upload can end while somebody describes an earlier photo: keep what they typed, and their cursor.
  const active = document.activeElement;
  for (const typed of region.querySelectorAll("input[name^='alt-']")) {
    const same = fresh.querySelector(`#${CSS.escape(typed.id)}`);
    if (same) same.value = typed.value;
  }
  const [start, end] = active.name && active.name.startsWith("alt-") ? [active.selectionStart, active.selectionEnd] : [];
  document.getElementById("photos").replaceWith(fresh);
  window.htmx.process(fresh);
  const again = start !== undefined && document.getElementById(active.id);
  if (again) {
    again.focus({ preventScroll: true });
    again.setSelectionRange(start, end);
  }
  form.dispatchEvent(new CustomEvent("photos-changed"));
}

// Without a connection a photo stays on this device, and goes with its issue or as soon as there is one.
async function keepHere(blob, file) {
  if (!self.queue) return false;
  const photo = { id: `${Date.now()}-${Math.random()}`, draft: form.elements.namedItem("draft").value, blob, name: file.name, alt: file.alt || "" };
  try {
    await self.queue.put(self.queue.PHOTOS, photo);
  } catch {
    return false;
  }
  showHere(photo);
  return true;
}

function showHere(photo) {
  const line = document.getElementById("kept-photo").content.firstElementChild.cloneNode(true);
  const picture = line.querySelector("img");
  picture.src = URL.createObjectURL(photo.blob);
  picture.alt = photo.name;
  const alt = line.querySelector("input");
  alt.value = photo.alt;
  alt.addEventListener("change", () => self.queue.put(self.queue.PHOTOS, { ...photo, alt: alt.value }));
  line.querySelector("button").addEventListener("click", () => {
    self.queue.drop(self.queue.PHOTOS, photo.id);
    line.remove();
    input.focus();
  });
  uploads.append(line);
}

async function showWhatIsHere() {
  if (!self.queue) return;
  uploads.querySelectorAll(".draft-photo").forEach((line) => line.remove());
  for (const photo of await self.queue.photosOf(form.elements.namedItem("draft").value)) {
    if (!navigator.onLine) {
      showHere(photo);
      continue;
    }
    await self.queue.drop(self.queue.PHOTOS, photo.id);
    add(Object.assign(new File([photo.blob], photo.name, { type: photo.blob.type }), { alt: photo.alt }));
  }
}
window.addEventListener("online", () => showWhatIsHere().catch(() => {}));

function offerRetry(file, line, bar, reason) {
  bar.remove();
  say(line, `${words.failed.replace("{file}", file.name)} ${reason}`.trim());
  line.append(
    button(words.retry, () => {
      line.remove();
      add(file);
    }),
    button(words.drop, () => line.remove()),
  );
}

function say(line, sentence) {
  line.querySelector("p").textContent = sentence;
  line.querySelector("p").className = "field-error";
  tell(sentence);
}

function button(sentence, press) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button button-quiet";
  element.textContent = sentence;
  element.addEventListener("click", () => {
    press();
    input.focus();
  });
  return element;
}

function tell(sentence) {
  document.dispatchEvent(new CustomEvent("announce", { detail: sentence }));
}

async function shrink(file) {
  try {
    const picture = await read(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= SMALL_ENOUGH_BYTES) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const surface = canvas.getContext("2d");
    surface.fillStyle = "#fff";
    surface.fillRect(0, 0, canvas.width, canvas.height);
    surface.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return small && small.size < file.size ? small : file;
  } catch {
    // This browser cannot read it (HEIC, for one): the server may.
    return file;
  }
}

function read(file) {
  const address = URL.createObjectURL(file);
  return new Promise((resolve, reject) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = reject;
    picture.src = address;
  }).finally(() => URL.revokeObjectURL(address));
}

// The form waits for photos that are still on their way; what failed is left out.
form.addEventListener("submit", (event) => {
  if (!waiting || event.defaultPrevented || (event.submitter && event.submitter.id !== "send")) return;
  event.preventDefault();
  delete form.dataset.sent;
  queue.then(() => form.requestSubmit ? form.requestSubmit(document.getElementById("send")) : form.submit());
});

// After "we put back what you typed", the photos of that draft come back too.
form.addEventListener("put-back", showKeptPhotos);
form.addEventListener("put-back", () => showWhatIsHere().catch(() => {}));
showKeptPhotos();
async function showKeptPhotos() {
  if (!form.dataset.photosWait) return;
  delete form.dataset.photosWait;
  const draft = form.elements.namedItem("draft").value;
  const answer = await fetch(`/drafts/${encodeURIComponent(draft)}/photos`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer && answer.ok) showPhotos(await answer.text());
}

const target = region.querySelector(".choose-photos");
for (const [name, dragging] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  target.addEventListener(name, (event) => {
    event.preventDefault();
    target.classList.toggle("dragging", dragging);
    if (name === "drop") takeIn([...event.dataTransfer.files].filter((file) => file.type.startsWith("image/")));
  });
}
