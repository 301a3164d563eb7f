// Sending forms over a connection that may break: nothing typed is lost, and nothing is stored twice.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const words = document.body.dataset;
  const panel = one("#panel");

  const tell = (text) => {
    const place = panel && panel.open ? panel : document.body;
    const bar = one("#connection") || Object.assign(document.createElement("p"), { id: "connection", className: "connection notice notice-warning" });
    bar.setAttribute("role", "alert");
    bar.textContent = text;
    place.append(bar);
  };

  // Each form has a key of its own until the server says that it arrived: sent again with it, it is stored once.
  const FIELD = "submission_key";
  const DRAFT = "sachhon-draft";
  const keys = new WeakMap();
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  const received = () => (document.cookie.match(/(?:^|; )sachhon_received=([0-9a-f-]+)/) || [])[1];
  const keyOf = (form) => {
    const isNew = !form.hasAttribute("hx-post") && keys.get(form) === received(); // htmx tells of the answer itself
    if (!keys.has(form) || isNew) keys.set(form, fresh());
    return keys.get(form);
  };
  const isOurs = (form) => words.person && form.method === "post" && !form.hasAttribute("hx-trigger");

  // A page that is left for the browser's own error page is found again with what was typed in it.
  const drafted = (el) => el.name && el.name !== "csrfmiddlewaretoken" && el.name !== FIELD && !["password", "file", "submit", "button"].includes(el.type);
  const fields = (form) => [...form.elements].filter(drafted);
  const isTicked = (el) => el.type === "checkbox" || el.type === "radio";
  const values = (el) => (el.multiple && el.options ? [...el.selectedOptions].map((o) => o.value) : isTicked(el) ? el.checked : el.value);
  const keep = (form, key) => {
    const typed = fields(form).map((el) => [el.name, el.type, values(el)]);
    const hasPassword = [...form.elements].some((el) => el.type === "password");
    if (hasPassword || form.hasAttribute("hx-post")) return;
    try {
      const draft = { person: words.person, page: location.pathname, action: form.getAttribute("action") || "", key, typed };
      sessionStorage.setItem(DRAFT, JSON.stringify(draft));
    } catch {
      // A browser that keeps nothing, or a form too long to keep: it is sent all the same.
    }
  };
  const put = (el, value) => {
    if (el.multiple && el.options) [...el.options].forEach((o) => (o.selected = value.includes(o.value)));
    else if (isTicked(el)) el.checked = value;
    else el.value = value;
    el.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const giveBack = () => {
    if (!words.person) return; // the session ended: whoever logs in again finds it
    let draft = null;
    try {
      draft = JSON.parse(sessionStorage.getItem(DRAFT));
      if (draft && (draft.person !== words.person || draft.key === received())) {
        sessionStorage.removeItem(DRAFT);
        draft = null;
      }
    } catch {
      // What cannot be read is not given back.
    }
    if (!draft || draft.page !== location.pathname) return;
    const names = draft.typed.map(([name, type]) => `${name} ${type}`).join();
    const form = [...document.forms].find(
      (f) => isOurs(f) && (f.getAttribute("action") || "") === draft.action && fields(f).map((el) => `${el.name} ${el.type}`).join() === names,
    );
    if (!form) return;
    keys.set(form, draft.key);
    fields(form).forEach((el, i) => put(el, draft.typed[i][2]));
    if (fields(form).some((el) => el.type !== "hidden")) tell(words.kept);
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!isOurs(form)) return;
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: FIELD, value: keyOf(form) });
      form.append(field);
      setTimeout(() => field.remove()); // it is of this sending: what a page sends by itself has no key
    },
    true,
  );
  // With no connection a form would give way to the browser's own error page: it is held back and said instead.
  // A form that htmx sends is told of the same.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (navigator.onLine) {
      if (isOurs(event.target)) keep(event.target, keyOf(event.target));
      return one("#connection")?.remove();
    }
    event.preventDefault();
    tell(words.lost);
  });
  const telling = (event) => event.detail.requestConfig?.verb === "post" || (panel && panel.open);
  ["htmx:sendError", "htmx:timeout"].forEach((name) =>
    document.addEventListener(name, (event) => telling(event) && tell(keys.has(event.detail.elt) ? words.doubted : words.lost)),
  );
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status) keys.delete(event.detail.elt);
    if (event.detail.successful && telling(event)) one("#connection")?.remove();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.xhr.getResponseHeader("X-Stored-Before")) return;
    event.detail.shouldSwap = false;
    tell(event.detail.xhr.responseText);
  });
  window.addEventListener("online", () => one("#connection") && tell(words.back));
  window.addEventListener("pageshow", giveBack);
})();
