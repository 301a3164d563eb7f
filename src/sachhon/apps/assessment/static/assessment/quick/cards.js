// Draws the questions: all of them in a list on a wide screen, one at a time on a phone (quick.css). A card is
// made once and brought up to date, so that nobody's cursor jumps while something arrives.
window.Quick = window.Quick || {};

Quick.REPLIES = ["yes", "partly", "no", "not_applicable"];
const ICONS = { yes: "check", partly: "contrast", no: "x", not_applicable: "minus" };

Quick.el = (tag, attributes = {}, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
};

Quick.icon = (name) => {
  const space = "http://www.w3.org/2000/svg";
  const drawn = document.createElementNS(space, "svg");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.getElementById("quick").dataset.sprite}#${name}`);
  drawn.append(use);
  return drawn;
};

Quick.fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

Quick.time = (text) => {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return "";
  const two = (n) => String(n).padStart(2, "0");
  return `${two(moment.getHours())}:${two(moment.getMinutes())} ${two(moment.getDate())}/${two(moment.getMonth() + 1)}`;
};

Quick.anchor = (code) => `q-${code.replace(/[^\w-]/g, "-")}`;

// What a person sees for a question: what the server said, with what waits on this device laid over it.
Quick.view = (sheet, queue, code) => {
  const stored = sheet.answers[code] || { answer: "", av: 0, note: "", nv: 0, by: "", at: "" };
  const mine = queue.filter((one) => one.question === code);
  const newest = (field) => mine.filter((one) => one.kind === "change" && one.field === field && !one.words).at(-1);
  const answer = newest("answer");
  const note = newest("note");
  return {
    stored,
    answer: answer ? answer.value : stored.answer,
    note: note ? note.value : stored.note,
    waiting: mine.filter((one) => !one.words).length,
    refused: mine.filter((one) => one.words),
    conflicts: sheet.conflicts.filter((one) => one.question === code),
    photos: sheet.photos.filter((one) => one.question === code),
    waitingPhotos: mine.filter((one) => one.kind === "photo"),
  };
};

// One card. `acts`: answer(code, value), note(code, text), photo(code, file), removePhoto(photo), settle(conflict,
// keep), drop(entry). Returns {root, update(view, editable, online)}.
Quick.card = (question, number, all, words, acts) => {
  const { el, icon, fill } = Quick;
  const id = Quick.anchor(question.code);
  const buttons = Quick.REPLIES.map((value, at) =>
    el(
      "button",
      { type: "button", class: `q-answer q-${value}`, "data-value": value, "aria-pressed": "false", "aria-keyshortcuts": at + 1,
        onclick: () => acts.answer(question.code, value) },
      icon(ICONS[value]),
      el("span", {}, words[value]),
    ),
  );
  const note = el("textarea", { class: "form-control", id: `${id}-note`, rows: 2, maxlength: 4000, placeholder: words.note_hint });
  let typing = null;
  const keep = () => {
    clearTimeout(typing);
    typing = null;
    acts.note(question.code, note.value);
  };
  note.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(keep, 500);
  });
  note.addEventListener("change", keep);
  // A phone that is put away does not wait half a second.
  document.addEventListener("visibilitychange", () => document.hidden && typing && keep());
  const file = el("input", { type: "file", accept: "image/*", class: "visually-hidden", id: `${id}-photo`, onchange: () => {
    if (file.files[0]) acts.photo(question.code, file.files[0]);
    file.value = "";
  } });
  const camera = el("label", { class: "btn", for: `${id}-photo` }, icon("camera"), words.add_photo);
  const photos = el("ul", { class: "q-photos" });
  const beside = el("div", { class: "q-beside" });
  const said = el("p", { class: "hint q-said" });
  const root = el(
    "article",
    { class: "q sheet-box", id, tabindex: -1, "data-code": question.code, "aria-labelledby": `${id}-text` },
    el("p", { class: "hint q-place" }, `${question.section} · ${fill(words.of, { n: number, all })}`),
    el("h3", { id: `${id}-text` }, question.text),
    question.help ? el("p", { class: "hint" }, question.help) : null,
    el("div", { class: "q-answers", role: "group", "aria-labelledby": `${id}-text` }, ...buttons),
    beside,
    el("label", { class: "form-label", for: `${id}-note` }, words.note),
    note,
    el("div", { class: "q-pictures" }, photos, file, camera),
    said,
  );
  const urls = new Map(); // pictures of waiting photos, made once each
  const picture = (entry) => {
    if (!urls.has(entry.id)) urls.set(entry.id, URL.createObjectURL(entry.blob));
    return urls.get(entry.id);
  };
  const update = (view, editable, online) => {
    buttons.forEach((button) => {
      button.setAttribute("aria-pressed", String(view.answer === button.dataset.value));
      button.disabled = !editable;
    });
    if (document.activeElement !== note && !typing) note.value = view.note;
    note.readOnly = !editable;
    file.disabled = !editable;
    camera.hidden = !editable;
    root.classList.toggle("is-waiting", view.waiting > 0);
    root.classList.toggle("is-answered", Boolean(view.answer));
    beside.replaceChildren(
      ...view.conflicts.map((one) => Quick.choice(one, view, words, acts, editable && online)),
      ...view.refused.map((one) => Quick.kept(one, words, acts)),
    );
    photos.replaceChildren(
      ...view.photos.map((photo) => Quick.shownPhoto(photo, words, editable && online ? acts.removePhoto : null)),
      ...view.waitingPhotos.map((entry) =>
        el("li", {}, el("img", { src: picture(entry), alt: `${words.photo}, ${words.photo_waits}` }), el("small", {}, words.photo_waits)),
      ),
    );
    const by = view.stored.by ? fill(words.by, { name: view.stored.by, time: Quick.time(view.stored.at) }) : "";
    said.textContent = view.waiting ? words.kept : by;
  };
  return { root, update, code: question.code, section: question.section };
};

Quick.shownPhoto = (photo, words, remove) =>
  Quick.el(
    "li",
    {},
    Quick.el("a", { href: photo.full, target: "_blank", rel: "noopener" }, Quick.el("img", { src: photo.thumb, alt: `${words.photo}: ${photo.by}`, loading: "lazy" })),
    remove
      ? Quick.el("button", { type: "button", class: "btn btn-sm", "aria-label": words.remove, onclick: () => remove(photo) }, Quick.icon("trash"))
      : null,
  );

// Two answers side by side; a person chooses.
Quick.choice = (conflict, view, words, acts, may) => {
  const { el, fill } = Quick;
  const say = (value) => (conflict.field === "answer" ? words[value] || words.unanswered : value || "–");
  const side = (title, value, by, at, keep) =>
    el(
      "div",
      { class: "q-side" },
      el("p", { class: "hint" }, title),
      el("p", { class: "q-value" }, say(value)),
      el("p", { class: "hint" }, fill(words.by, { name: by, time: Quick.time(at) })),
      el("button", { type: "button", class: "btn", disabled: !may, onclick: () => acts.settle(conflict, keep, view) }, words.keep_this),
    );
  const stored = view.stored;
  return el(
    "section",
    { class: "notice notice-warning q-conflict", "aria-label": words.differs },
    el("div", {},
      el("p", {}, el("strong", {}, words.differs), conflict.field === "note" ? ` · ${words.note}` : ""),
      el("div", { class: "q-sides" },
        side(words.stands, stored[conflict.field], stored[`${conflict.field}_by`], stored[`${conflict.field}_at`], true),
        side(words.beside, conflict.value, conflict.by, conflict.at, false)),
      may ? null : el("p", { class: "hint" }, words.choose_online),
    ),
  );
};

// What the server refused: shown with its reason, to be copied or thrown away by a person only.
Quick.kept = (entry, words, acts) =>
  Quick.el(
    "section",
    { class: "notice notice-error" },
    Quick.el("div", {},
      Quick.el("p", {}, entry.words),
      Quick.el("p", { class: "q-value" }, entry.kind === "photo" ? words.photo : words[entry.value] || entry.value || words.unanswered),
      Quick.el("button", { type: "button", class: "btn btn-sm", onclick: () => confirm(words.drop_sure) && acts.drop(entry) }, words.drop),
    ),
  );
