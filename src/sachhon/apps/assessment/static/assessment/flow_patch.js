// Puts a part of the page to what the server says, touching only the rows that differ: a table of hundreds of rows that
// is built anew with every change holds the screen for many frames.
window.flowPatch = (() => {
  const ROW = /<tr data-stream="(\d+)"[\s\S]*?<\/tr>/g;
  const shown = new WeakMap(); // part → the HTML it was put to last
  const rowsOf = (html) => new Map([...html.matchAll(ROW)].map((found) => [found[1], found[0]]));
  const made = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  };
  const focused = (place) => (place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null);
  const alive = (place, at) => {
    if (window.htmx) htmx.process(place);
    if (at) place.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  };

  const whole = (part, html) => {
    const at = focused(part);
    part.innerHTML = html;
    alive(part, at);
  };
  const replaced = (row, fresh) => {
    const at = focused(row);
    fresh.classList.toggle("is-chosen", row.classList.contains("is-chosen"));
    row.replaceWith(fresh);
    alive(fresh, at);
  };

  return (part, html) => {
    const before = shown.get(part);
    if (before === html) return;
    shown.set(part, html);
    const body = part.querySelector("tr[data-stream]")?.parentNode;
    const texts = rowsOf(html);
    if (!body || !texts.size) return whole(part, html);
    const known = before ? rowsOf(before) : null;
    // The first time nothing is known of how the page's rows were written: they are compared as the browser writes them.
    const parsed = known ? null : made(html);
    const head = part.querySelector("h3");
    const count = html.match(/<h3>([\s\S]*?)<\/h3>/);
    if (head && count) head.innerHTML = count[1];
    const there = new Map([...body.children].map((row) => [row.dataset.stream, row]));
    let last = null;
    texts.forEach((text, key) => {
      let row = there.get(key);
      there.delete(key);
      const same = row && (known ? known.get(key) === text : parsed.querySelector(`tr[data-stream="${key}"]`).isEqualNode(row));
      if (!same) {
        const fresh = made(`<table><tbody>${text}</tbody></table>`).querySelector("tr");
        if (row) replaced(row, fresh);
        else {
          body.insertBefore(fresh, last ? last.nextSibling : body.firstChild);
          alive(fresh, null);
        }
        row = fresh;
      }
      if ((last ? last.nextElementSibling : body.firstElementChild) !== row) body.insertBefore(row, last ? last.nextSibling : body.firstChild);
      last = row;
    });
    there.forEach((row) => row.remove());
  };
})();
