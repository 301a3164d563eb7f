// What the report's pages cannot do with HTML alone: a pasted row fills the months, fields that cannot be read are
// marked, all rows ticked at once, keys for the officer. Every page works without this file.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // A row or column copied from a spreadsheet, pasted into one month, goes on into the months after it.
  document.addEventListener("paste", (event) => {
    const input = event.target.closest("input[data-month]");
    if (!input) return;
    const text = event.clipboardData.getData("text").replace(/\r?\n$/, "");
    const values = text.split(/\t|\r?\n/);
    if (values.length < 2) return;
    event.preventDefault();
    const months = all("input[data-month]", input.closest("[data-months]"));
    const start = months.indexOf(input);
    values.slice(0, months.length - start).forEach((value, i) => (months[start + i].value = value.trim()));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Fields named in the list of problems are marked; the mark goes when the problem does.
  const mark = () => {
    all(".is-wrong").forEach((field) => {
      field.classList.remove("is-wrong");
      field.removeAttribute("aria-invalid");
    });
    all("[data-issues] [data-field]").forEach((link) => {
      const field = document.getElementById(link.dataset.field);
      if (field && field.matches("input, select, textarea")) {
        field.classList.add("is-wrong");
        field.setAttribute("aria-invalid", "true");
      }
    });
  };
  document.addEventListener("htmx:afterSettle", mark);
  mark();

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-all]")) return;
    all("input[name=code]", event.target.form).forEach((box) => (box.checked = event.target.checked));
  });

  // Keys of the reviewing page: the button or link that carries the key; one that needs words goes to its field first.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    const field = target.dataset.keyFocus && document.getElementById(target.dataset.keyFocus);
    if (field && !field.value.trim()) field.focus();
    else target.click();
  });
})();
