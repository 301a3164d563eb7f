// What pages cannot do with HTML alone: shortcuts, menus that close, the side panel, arrows through rows.
// Every page works without this file. Sending forms: sending.js.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (el) => el.closest("input, textarea, select, [contenteditable]");

  // Who is logged in at this browser: what a person keeps on the device for later is theirs alone.
  try {
    const person = document.body.dataset.person;
    if (person) localStorage.setItem("sachhon-person", person);
    else localStorage.removeItem("sachhon-person");
  } catch {
    // A browser that keeps nothing keeps nothing of anybody.
  }

  // Menus made of <details>: one open at a time; Esc and a click outside close it, focus goes back.
  const menus = "details.pick[open], details.drawer[open]";
  const close = (menu) => {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) one("summary", menu).focus();
  };
  document.addEventListener("click", (event) => {
    all(menus).filter((menu) => !menu.contains(event.target)).forEach((menu) => (menu.open = false));
  });

  // Rows: arrows walk from link to link.
  const walk = (event) => {
    const row = event.target.closest("table[data-rows] tbody tr");
    if (!row || !event.target.matches("a.row-link")) return false;
    const links = all("a.row-link", row.closest("tbody"));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = event.key === "Home" ? 0 : event.key === "End" ? links.length - 1 : links.indexOf(event.target) + step;
    if (Number.isNaN(next)) return false;
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
    return true;
  };

  // The hits under the search field: arrows walk through them too.
  const hits = (event) => {
    const finder = event.target.closest(".finder");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!finder || !step) return false;
    const stops = [one("input[type=search]", finder), ...all(".finder-hits a", finder)];
    stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(event.target) + step))].focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      all(menus).forEach(close);
      const found = one("#finder-hits");
      if (found && found.children.length) {
        found.replaceChildren();
        one("#search").focus();
      }
    } else if (event.key === "/" && !typing(event.target) && one("#search")) {
      event.preventDefault();
      one("#search").focus();
      one("#search").select();
    } else if (walk(event) || hits(event)) {
      event.preventDefault();
    }
  });

  document.addEventListener("focusin", (event) => {
    const found = one("#finder-hits");
    if (found && !event.target.closest(".finder")) found.replaceChildren();
  });

  // The side panel: a link with data-panel opens its address in it.
  const panel = one("#panel");
  if (panel && window.htmx) {
    // A form is there to be typed in, once htmx has taken charge of it: sent sooner, it would leave the page. A finger's
    // keyboard would cover it before it was read.
    const beginTyping = () => {
      if (matchMedia("(pointer: coarse)").matches) return;
      const first = one(".panel-body form :is(input, select, textarea):not([type=hidden], [disabled])", panel);
      first?.focus();
      first?.select?.(); // what is typed takes the place of the old name
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-panel]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      panel.addEventListener("htmx:afterSettle", beginTyping, { once: true });
      htmx.ajax("GET", link.getAttribute("href"), { target: "#panel-content", swap: "innerHTML" }).then(() => {
        if (!panel.open) panel.showModal();
        one(".panel-body", panel)?.scrollTo(0, 0);
      });
    });
    panel.addEventListener("click", (event) => {
      if (event.target === panel || event.target.closest("[data-close]")) panel.close();
    });
    // A refusal is shown in the panel as what it is, instead of nothing at all.
    document.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.target.id === "panel-content" && event.detail.xhr.status >= 400) event.detail.shouldSwap = true;
    });
  }

  // On a phone a row becomes a card: each value carries the words of its column's head.
  const label = (root) => {
    all("table.sheet-cards", root).forEach((table) => {
      // A head for readers alone is over buttons, which say themselves what they do.
      const heads = all("thead tr:last-child > *", table).map((head) =>
        head.querySelector(":scope > .visually-hidden:only-child") ? "" : head.textContent.trim(),
      );
      all("tbody tr", table).forEach((row) =>
        [...row.children].forEach((cell, i) => (cell.dataset.label ??= heads[i] || "")),
      );
    });
  };

  // Small services: copy a code, print, send a form when its choice changes, show what must be put right.
  document.addEventListener("click", (event) => {
    const copier = event.target.closest("[data-copy]");
    if (copier) navigator.clipboard.writeText(copier.dataset.copy).then(() => copier.classList.add("is-done"));
    if (event.target.closest("[data-print]")) window.print();
    const eye = event.target.closest("[data-reveal]");
    if (eye) {
      const input = document.getElementById(eye.dataset.reveal);
      input.type = input.type === "password" ? "text" : "password";
      eye.setAttribute("aria-pressed", String(input.type === "text"));
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:load", (event) => label(event.detail.elt));
  label(document);
  one("[data-focus]")?.focus();
  one("[data-show]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
