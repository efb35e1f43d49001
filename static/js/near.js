// "Near me": asks the browser where it is, rounds that to about 100 metres, and opens the list from there.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-near]");
  if (!link || !navigator.geolocation || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  link.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    (position) => openFrom(link, position.coords),
    () => openWithout(link),
    { timeout: 8000, maximumAge: 300000 },
  );
}, true);

function openFrom(link, { latitude, longitude }) {
  const address = new URL(link.href);
  address.searchParams.set("lat", latitude.toFixed(3));
  address.searchParams.set("lon", longitude.toFixed(3));
  location.assign(address);
}

function openWithout(link) {
  link.removeAttribute("aria-busy");
  const message = document.querySelector("[data-near-message]");
  if (message) message.querySelector("span").textContent = message.dataset.denied;
  else location.assign(link.href);
}
