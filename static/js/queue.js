// Issues written without a connection: kept on this device, sent when there is one. The service worker runs it, too.

self.queue = (() => {
  const ISSUES = "issues";
  const PHOTOS = "photos";

  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open("buurtlab", 1);
      request.onupgradeneeded = () => [ISSUES, PHOTOS].forEach((name) => request.result.createObjectStore(name, { keyPath: "id" }));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function work(store, ask) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(store, "readwrite");
        const request = ask(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const put = (store, row) => work(store, (rows) => rows.put(row));
  const drop = (store, id) => work(store, (rows) => rows.delete(id));
  const all = async () => (await work(ISSUES, (rows) => rows.getAll())).sort((one, other) => one.at - other.at);
  const photosOf = async (draft) => (await work(PHOTOS, (rows) => rows.getAll())).filter((photo) => photo.draft === draft);

  // Only while it is there: signing out may have cleared it meanwhile.
  function mark(issue, state) {
    return work(ISSUES, (rows) => {
      const there = rows.get(issue.id);
      there.onsuccess = () => there.result && rows.put({ ...issue, state });
      return there;
    });
  }

  async function forget(id) {
    for (const photo of await photosOf(id)) await drop(PHOTOS, photo.id);
    await drop(ISSUES, id);
  }

  // Its number makes sure that it becomes one issue, however often it is sent.
  async function sendOne(issue) {
    const body = new FormData();
    for (const [name, value] of Object.entries(issue.fields)) body.append(name, value);
    body.append("queued", "yes");
    (await photosOf(issue.id)).forEach((photo, at) => {
      body.append("photos", photo.blob, photo.name);
      body.append(`alt-new-${at}`, photo.alt);
    });
    const answer = await fetch("/issues", { method: "POST", body, headers: { "HX-Request": "true" } });
    const path = answer.headers.get("HX-Redirect");
    if (path && !path.startsWith("/sign-in")) await forget(issue.id);
    else if (path || [403, 413, 422].includes(answer.status)) await mark(issue, path ? "sign-in" : "wrong");
    else throw new Error(answer.status);
    return path;
  }

  // From one tab at a time. What waits for a sign-in was received; that is said until somebody does.
  async function sendAll(isSignedIn, tell) {
    for (const issue of await all()) {
      if (issue.state !== "wrong") tell(issue.state === "sign-in" && !isSignedIn ? "/sign-in" : await sendOne(issue));
    }
  }

  function send(isSignedIn, tell) {
    const go = () => sendAll(isSignedIn, tell).catch(() => {});
    return navigator.locks ? navigator.locks.request("buurtlab-queue", go) : go();
  }

  return { ISSUES, PHOTOS, put, drop, all, photosOf, forget, send };
})();
