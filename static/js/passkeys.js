// Passkeys: asks the browser for one, and sends what it answers with the form around the button.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential) form.addEventListener("submit", (event) => usePasskey(event, form));
  else form.hidden = true;
}

async function usePasskey(event, form) {
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  showProblem(form, "");
  try {
    const publicKey = await askChallenge(form.dataset.challenge);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = JSON.stringify(described(credential));
    form.submit();
  } catch (error) {
    showProblem(form, form.dataset.refused);
    button.removeAttribute("aria-disabled");
  }
}

async function askChallenge(address) {
  const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`challenge: ${answer.status}`);
  const options = await answer.json();
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) {
    for (const known of list || []) known.id = bytes(known.id);
  }
  return options;
}

// By hand, because older browsers cannot yet turn a credential into JSON themselves.
function described({ id, rawId, type, response, authenticatorAttachment }) {
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = text(response.attestationObject);
    answer.transports = response.getTransports ? response.getTransports() : [];
  } else {
    answer.authenticatorData = text(response.authenticatorData);
    answer.signature = text(response.signature);
    answer.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return { id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults: {}, response: answer };
}

function showProblem(form, sentence) {
  const line = form.querySelector("[role=alert]");
  line.querySelector("span").textContent = sentence;
  line.hidden = !sentence;
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
