// What the audit looks for beside axe. Each function answers with a line for everything that is wrong.

(() => {
  const named = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 2 && box.height > 2 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const sheets = {};

  // A sheet that is adopted needs no permission of the page's policy.
  function wear(name, css) {
    sheets[name] ??= new CSSStyleSheet();
    sheets[name].replaceSync(css);
    if (!document.adoptedStyleSheets.includes(sheets[name])) document.adoptedStyleSheets.push(sheets[name]);
  }

  function isScrolledInside(element) {
    for (let above = element; above && above !== document.body; above = above.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(above).overflowX)) return true;
    }
    return false;
  }

  function sideways() {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const out = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !isScrolledInside(element),
    );
    return [`scrolls sideways to ${root.scrollWidth}: ${out.slice(0, 3).map(named).join(" | ")}`];
  }

  // Text that does not fit the box that hides what sticks out. One line cut on purpose says so with dots.
  function cutOff() {
    return all("body *")
      .filter((element) => {
        const style = getComputedStyle(element);
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const hides = [style.overflowX, style.overflowY].some((each) => /hidden|clip/.test(each));
        if (!hasText || !hides || style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") return false;
        if (element.closest(".visually-hidden, svg")) return false;
        return element.scrollWidth > element.clientWidth + 2 || element.scrollHeight > element.clientHeight + 2;
      })
      .map((element) => `cut off: ${named(element)}`);
  }

  // A link may be stretched over the card it stands in. Links within a sentence may be as high as it is.
  function pressedAt(element) {
    const isStretched = getComputedStyle(element, "::after").position === "absolute";
    return isStretched && element.offsetParent ? element.offsetParent : element;
  }

  function isInText(element) {
    return element.tagName === "A" && getComputedStyle(element).display === "inline";
  }

  function sizeOf(element) {
    const labels = element.labels ? [...element.labels] : [];
    const boxes = [pressedAt(element), ...labels].map((each) => each.getBoundingClientRect());
    return { width: Math.max(...boxes.map((box) => box.width)), height: Math.max(...boxes.map((box) => box.height)) };
  }

  function tooSmall(least) {
    return all(CONTROLS)
      .filter((element) => !isInText(element) && !element.closest(".visually-hidden"))
      .map((element) => [element, sizeOf(element)])
      .filter(([, size]) => Math.min(size.width, size.height) < least - 0.5)
      .map(([element, size]) => `smaller than ${least} px (${Math.round(size.width)} × ${Math.round(size.height)}): ${named(element)}`);
  }

  // What one does on a phone with a thumb.
  function hardForThumbs(selector) {
    return all(selector)
      .filter((element) => !element.matches(".visually-hidden"))
      .map((element) => [element, sizeOf(element)])
      .filter(([, size]) => size.height < 43.5)
      .map(([element, size]) => `lower than 44 px (${Math.round(size.height)}): ${named(element)}`);
  }

  const drawn = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle === "none" ? "" : style.outlineColor + style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor, style.textDecorationLine, element.getBoundingClientRect().top].join();
  };
  const around = (element) => [element, ...(element.labels || []), element.parentElement, element.nextElementSibling].filter(Boolean);

  // The last thing that took part was the Tab key, so that focus shows.
  function focusUnseen() {
    document.activeElement.blur();
    const unseen = all(CONTROLS).filter((element) => {
      if (element.disabled || element.tabIndex < 0) return false;
      const places = around(element);
      const without = places.map(drawn);
      element.focus({ preventScroll: true });
      if (document.activeElement !== element) return false;
      return places.every((place, at) => drawn(place) === without[at]);
    });
    return unseen.map((element) => `focus is not to be seen: ${named(element)}`);
  }

  const brightness = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    const linear = [red, green, blue].map((each) => ((each / 255 + 0.055) / 1.055) ** 2.4);
    return alpha < 0.1 ? null : 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

  function behind(element) {
    for (let above = element.parentElement; above; above = above.parentElement) {
      const colour = getComputedStyle(above).backgroundColor;
      if (!(above instanceof SVGElement) && brightness(colour) !== null) return brightness(colour);
    }
    return brightness("rgb(255, 255, 255)");
  }

  // With colours of the reader's own, a drawing keeps its own: some of it has to stand out.
  function goneInForcedColours() {
    return all("svg")
      .filter((drawing) => !drawing.closest(".map, .photo"))
      .filter((drawing) => {
        const parts = [...drawing.querySelectorAll("*")].filter((part) => !part.closest("defs, title, desc"));
        const paints = parts.flatMap((part) => {
          const { fill, stroke, color } = getComputedStyle(part);
          return (part.tagName === "use" ? [color] : [fill, stroke]).filter((paint) => paint.startsWith("rgb")).map(brightness);
        });
        return !paints.some((paint) => paint !== null && contrast(paint, behind(drawing)) >= 3);
      })
      .map((drawing) => `not to be seen with forced colours: ${named(drawing)}`);
  }

  function openEverything() {
    document.querySelectorAll("main details:not([open])").forEach((each) => { each.open = true; });
  }

  window.look = { wear, sideways, cutOff, tooSmall, hardForThumbs, focusUnseen, goneInForcedColours, openEverything };
})();
