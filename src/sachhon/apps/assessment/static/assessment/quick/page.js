// The checklist's page: opens from the device's own store at once, then asks the server what is new.
window.Quick = window.Quick || {};

(async () => {
  const { el, fill, icon } = Quick;
  const here = document.getElementById("quick");
  const words = JSON.parse(document.getElementById("quick-words").textContent);
  const given = JSON.parse(document.getElementById("quick-state")?.textContent || "null");
  const assessment = Number(location.pathname.match(/\/(\d+)\/nhanh\//)?.[1]);
  const paths = {
    state: (id, whole) => `/danh-gia/${id}/nhanh/phieu/hien-tai/${whole ? "" : "?ngan=1"}`,
    sync: (id) => `/danh-gia/${id}/nhanh/phieu/dong-bo/`,
    photo: (id) => `/danh-gia/${id}/nhanh/anh/`,
  };
  const loginUrl = `${here.dataset.login}?next=${encodeURIComponent(location.pathname)}`;
  const status = document.getElementById("quick-status");
  const notice = document.getElementById("quick-notice");
  const title = document.getElementById("quick-title");
  document.getElementById("quick-back").href = `/danh-gia/${assessment}/`;
  const tell = (text, kind = "info", ...more) => {
    const drawn = { error: "alert-circle", warning: "alert-triangle", info: "info-circle" }[kind];
    notice.replaceChildren(...(text ? [el("div", { class: `notice notice-${kind}` }, icon(drawn), el("div", {}, text, ...more))] : []));
  };

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(here.dataset.worker).catch(() => {});
    navigator.serviceWorker.addEventListener("message", (event) => event.data === "shell-refreshed" && location.reload());
  }

  // Who is at this device. The server's page knows; the kept page goes by the last page that the server gave.
  if (given) localStorage.setItem(Quick.PERSON, String(given.person.id));
  const person = Number(localStorage.getItem(Quick.PERSON)) || 0;
  if (!person) {
    document.getElementById("quick-plain")?.remove();
    tell(words.nobody, "warning", " ", el("a", { href: loginUrl }, words.log_in));
    return;
  }

  let store;
  try {
    store = await Quick.openStore(person);
  } catch {
    // No store: the server's plain form still works, and is left as it is.
    tell(words.cannot_keep, "warning");
    return;
  }
  navigator.storage?.persist?.().catch(() => {});
  const sync = new Quick.Sync(store, person, paths);
  if (given) await store.keepSheet(given);
  document.getElementById("quick-plain")?.remove();
  let sheet = await store.sheet(assessment);
  let queue = await store.queue();
  let outcome = { how: navigator.onLine ? "sending" : "offline" };
  let cards = [];
  let at = 0;

  // --- acts: each is written to the device before anything else happens, one after the other

  let chain = Promise.resolve();
  const later = (act) => {
    chain = chain.then(act).catch(() => tell(words.cannot_keep, "error")).then(redraw);
    chain.then(soon);
  };
  const acts = {
    answer: (code, value) => {
      const view = Quick.view(sheet, mine(), code);
      const wanted = view.answer === value ? "" : value;
      later(() => store.change(assessment, code, "answer", wanted, view.stored.av));
    },
    note: (code, text) => {
      const view = Quick.view(sheet, mine(), code);
      if (text !== view.note) later(() => store.change(assessment, code, "note", text, view.stored.nv));
    },
    photo: async (code, file) => {
      try {
        const blob = await Quick.shrink(file);
        later(() => store.add({ kind: "photo", id: Quick.uuid(), assessment, question: code, blob }));
        tell("");
      } catch (error) {
        const big = error instanceof Quick.TooBig;
        tell(big ? fill(words.too_big, { n: Quick.PHOTO.largestMb }) : words.not_photo, "error");
      }
    },
    removePhoto: (photo) => ask(photo.remove, {}),
    settle: (conflict, keepStored, view) =>
      ask(conflict.url, {
        keep: keepStored ? "stored" : "beside",
        seen: conflict.field === "answer" ? view.stored.av : view.stored.nv,
      }),
    drop: (entry) => later(() => store.drop(entry.n)),
  };
  const ask = async (url, values) => {
    const got = await sync.ask(url, { body: new URLSearchParams(values) });
    if (got.words) tell(got.words, "error");
    await go();
  };

  // --- drawing

  const mine = () => queue.filter((one) => one.assessment === assessment);
  const phone = matchMedia("(max-width: 48rem)");
  const sections = document.getElementById("quick-sections");
  const list = document.getElementById("quick-list");
  const bar = document.getElementById("quick-bar");
  const progress = document.getElementById("quick-progress");

  const build = () => {
    sections.closest("details").open = !phone.matches;
    const all = sheet.questions.length;
    cards = sheet.questions.map((question, i) => Quick.card(question, i + 1, all, words, acts));
    list.replaceChildren();
    let last = "";
    for (const card of cards) {
      if (card.section !== last) list.append(el("h2", { class: "q-section" }, card.section));
      last = card.section;
      list.append(card.root);
    }
    title.textContent = sheet.facility;
    document.title = `${sheet.facility} · Sạch Hơn`;
    const wanted = cards.findIndex((card) => `#${Quick.anchor(card.code)}` === location.hash);
    at = wanted >= 0 ? wanted : Math.max(0, cards.findIndex((card) => !Quick.view(sheet, mine(), card.code).answer));
    show(at, false);
  };

  const show = (n, focus = true) => {
    at = Math.max(0, Math.min(cards.length - 1, n));
    cards.forEach((card, i) => card.root.classList.toggle("is-shown", i === at));
    history.replaceState(null, "", `#${Quick.anchor(cards[at].code)}`);
    bar.querySelector("[data-go=back]").disabled = at === 0;
    bar.querySelector("[data-go=next]").disabled = at === cards.length - 1;
    bar.querySelector("output").textContent = `${at + 1}/${cards.length}`;
    if (focus) {
      cards[at].root.focus({ preventScroll: true });
      if (phone.matches) scrollTo(0, 0);
      else cards[at].root.scrollIntoView({ block: "center" });
    }
  };

  const drawSections = (views) => {
    const names = [...new Set(cards.map((card) => card.section))];
    sections.replaceChildren(
      ...names.map((name) => {
        const inside = cards.map((card, i) => [card, i]).filter(([card]) => card.section === name);
        const done = inside.filter(([card]) => views.get(card.code).answer).length;
        const open = inside.filter(([card]) => views.get(card.code).conflicts.length);
        const first = (open[0] || inside.find(([card]) => !views.get(card.code).answer) || inside[0])[1];
        return el("li", {}, el("button", { type: "button", onclick: () => {
          sections.closest("details").open = !phone.matches;
          show(first);
        } }, el("span", {}, name, open.length ? el("strong", { class: "q-open" }, ` · ${fill(words.to_choose, { n: open.length })}`) : ""), el("span", { class: `num${done === inside.length ? " is-done" : ""}` }, `${done}/${inside.length}`)));
      }),
    );
  };

  const redraw = async () => {
    sheet = (await store.sheet(assessment)) || sheet;
    queue = await store.queue();
    if (!sheet) {
      const text = { offline: words.not_here, login: words.nobody, gone: words.gone }[outcome.how];
      if (text) tell(text, "warning", " ", outcome.how === "login" ? el("a", { href: loginUrl }, words.log_in) : "");
      return;
    }
    if (!cards.length) build();
    const online = outcome.how === "sent" || outcome.how === "refused";
    const locked = outcome.how === "other";
    here.hidden = locked; // nobody reads on over somebody else's shoulder
    const views = new Map(cards.map((card) => [card.code, Quick.view(sheet, mine(), card.code)]));
    cards.forEach((card) => card.update(views.get(card.code), sheet.editable && !locked, online));
    const answered = [...views.values()].filter((view) => view.answer).length;
    progress.max = cards.length;
    progress.value = answered;
    document.getElementById("quick-answered").textContent = fill(words.answered, { n: answered, all: cards.length });
    drawSections(views);
    drawStatus();
  };

  const drawStatus = () => {
    const waiting = mine().length;
    const beside = sheet.conflicts.length;
    const sent = waiting ? fill(words.waiting, { n: waiting }) : outcome.how === "sent" ? words.all_sent : fill(words.waiting, { n: 0 });
    const text = beside ? `${sent} · ${fill(words.to_choose, { n: beside })}` : sent;
    status.dataset.how = waiting || beside ? "waiting" : outcome.how;
    status.replaceChildren(icon(waiting ? "clock" : beside ? "alert-triangle" : "circle-check"), el("span", {}, text));
    const login = el("a", { class: "btn btn-sm", href: loginUrl }, words.log_in);
    const told = {
      offline: () => tell(words.offline, "info"),
      login: () => tell(words.login, "warning", " ", login),
      other: () => tell(fill(words.other, { name: sheet.person.name }), "warning"),
      gone: () => tell(words.gone, "error", keeping()),
      refused: () => tell(outcome.words || sheet.why_not, "warning", waiting ? keeping() : ""),
      failed: () => tell(words.failed, "warning"),
      sent: () => notice.querySelector(".notice-error") || tell(""),
    }[outcome.how];
    told?.();
    const other = queue.find((one) => one.assessment !== assessment);
    if (other && outcome.how === "sent" && !notice.firstChild) {
      const n = queue.filter((one) => one.assessment === other.assessment).length;
      tell("", "info");
      notice.replaceChildren(el("p", { class: "notice notice-info" }, el("a", { href: `/danh-gia/${other.assessment}/nhanh/phieu/` }, fill(words.elsewhere, { n }))));
    }
  };

  // What waits and cannot be sent, to be taken along as text.
  const keeping = () => {
    const say = (one) => `${sheet.questions.find((q) => q.code === one.question)?.text || one.question}\n  ${one.kind === "photo" ? words.photo : words[one.value] || one.value}`;
    const text = () => `${sheet.facility}\n\n${mine().map(say).join("\n")}\n`;
    const copy = el("button", { type: "button", class: "btn btn-sm", onclick: () =>
      navigator.clipboard.writeText(text()).then(() => (copy.textContent = words.copied)) }, words.copy);
    const file = el("button", { type: "button", class: "btn btn-sm", onclick: () => {
      const url = URL.createObjectURL(new Blob([text()], { type: "text/plain;charset=utf-8" }));
      el("a", { href: url, download: `phieu-${assessment}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } }, words.save_file);
    return el("p", { class: "q-keeping" }, copy, " ", file);
  };

  // --- when to send

  let timer = null;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(go, 300);
  };
  const go = async () => {
    clearTimeout(timer);
    if (Number(localStorage.getItem(Quick.PERSON)) !== person) outcome = { how: "other" };
    else outcome = await sync.send(assessment, !sheet?.questions?.length);
    await redraw();
    if (outcome.how !== "sent" && outcome.how !== "other") timer = setTimeout(go, 15_000);
    const kept = await store.sheet(assessment);
    if (kept && outcome.how === "sent" && kept.lang !== document.documentElement.lang && !given)
      navigator.serviceWorker?.controller?.postMessage("refresh-shell");
  };
  addEventListener("online", go);
  addEventListener("offline", () => {
    outcome = { how: "offline" };
    redraw();
  });
  addEventListener("storage", (event) => event.key === Quick.PERSON && go());
  document.addEventListener("visibilitychange", () => !document.hidden && go());
  store.bus?.addEventListener("message", redraw);

  // --- hands

  bar.addEventListener("click", (event) => {
    const step = { back: -1, next: 1 }[event.target.closest("[data-go]")?.dataset.go];
    if (step) show(at + step);
  });
  list.addEventListener("focusin", (event) => {
    const n = cards.findIndex((card) => card.root === event.target.closest("article"));
    if (n >= 0 && n !== at) {
      at = n;
      cards.forEach((card, i) => card.root.classList.toggle("is-shown", i === at));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const answer = Quick.REPLIES[Number(event.key) - 1];
    if (!cards.length || !(step || answer || event.key === "n")) return;
    event.preventDefault();
    if (step) show(at + step);
    else if (event.key === "n") cards[at].root.querySelector("textarea").focus();
    else if (sheet.editable) acts.answer(cards[at].code, answer);
  });

  await redraw();
  await go();
})();
