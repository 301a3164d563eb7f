// The canvas of the flow-sheet. It draws what the table holds and sends what is done on it; the server decides.
(() => {
  const stage = document.querySelector("#flow-stage");
  const source = document.querySelector("#flow-data");
  if (!stage || !source || !window.cytoscape) return;
  const data = JSON.parse(source.textContent);
  const { urls, words, mayEdit } = data;
  const look = window.flowLook; // flow_look.js
  const said = document.querySelector("#flow-said");
  const refused = document.querySelector("#flow-refused");
  const say = (text) => (said.textContent = text);
  const refuse = (text) => {
    refused.textContent = text || "";
    refused.hidden = !text;
  };
  const seen = { process: new Map(), stream: new Map() };
  const folded = new Set();
  const waiting = new Set(); // processes that were moved, their places not stored yet

  const cy = cytoscape({
    container: stage,
    elements: [],
    layout: { name: "preset" },
    minZoom: 0.02, // a sheet of three hundred streams fits the window
    maxZoom: 3,
    pixelRatio: 1,
    textureOnViewport: true,
    boxSelectionEnabled: true,
    style: look.style,
  });

  const sheet = { ...data, seen, waiting, say, refuse, draw: (rows) => { draw(rows); again(); }, back: () => sendMoves() };
  const { draw, placePorts, GAP } = window.flowDraw({ cy, look, words, seen, folded, waiting });
  const { ask, news, edit } = window.flowTalk(sheet);

  // --- what a hand does

  cy.on("dragfreeon", "node.process", (event) => {
    const moved = event.target.isParent() ? event.target.descendants() : event.target.union(cy.nodes(".process:selected").difference(cy.nodes(":parent")));
    later(moved, 150);
  });
  let timer = null;
  const later = (moved, wait) => {
    moved.forEach((node) => waiting.add(node.id()));
    clearTimeout(timer);
    timer = setTimeout(sendMoves, wait);
  };
  // Where a process was put is kept until the server has it: with the connection lost it goes when that is back.
  const sendMoves = async () => {
    const sent = [...waiting].filter((id) => cy.getElementById(id).nonempty());
    if (!mayEdit || !sent.length) return waiting.clear();
    const edits = sent.map((id) => {
      const node = cy.getElementById(id);
      const { x, y } = node.position();
      return edit("process", node.data("row"), { x: Math.round(x), y: Math.round(y) });
    });
    await ask(urls.change, { edits }, () => sent.forEach((id) => waiting.delete(id)));
  };

  const open = (kind, row) => {
    const link = document.querySelector(`[data-${kind}="${row}"] a[data-panel]`);
    if (link) link.click();
  };
  let described = null;
  // What was said of a chosen process is said anew when it is renamed or joined, unless something else was said since.
  const again = () => {
    const node = described && said.textContent === described.text && cy.getElementById(described.id);
    if (node && node.nonempty()) describe(node);
  };
  const describe = (node) => {
    const into = node.incomers("edge").length;
    const out = node.outgoers("edge").length;
    say(`${words.selected}: ${node.data("name")} (${into} → ${out})`);
    described = { id: node.id(), text: said.textContent };
  };
  const choose = (element) => {
    cy.elements(".chosen").removeClass("chosen");
    document.querySelectorAll(".is-chosen").forEach((row) => row.classList.remove("is-chosen"));
    if (!element || element.empty()) return;
    element.addClass("chosen");
    if (element.hasClass("process")) describe(element);
    const isStream = element.isEdge() || element.hasClass("port");
    const row = isStream && document.querySelector(`tr[data-stream="${element.data("row")}"]`);
    if (row) row.classList.add("is-chosen");
  };
  const chosen = () => cy.elements(".chosen").first();

  let from = null; // the process a new stream starts from
  const startStream = (node) => {
    from = node;
    say(words.pickTarget);
  };
  const endStream = (node) => {
    if (node && node.same(from)) return say(words.sameEnd);
    say("");
    const values = { name: words.newStream, source: String(from.data("row")), target: node ? String(node.data("row")) : "" };
    from = null;
    ask(urls.change, { edits: [{ kind: "stream", values }] }).then((told) => {
      if (told && told.rows.length) open("stream", told.rows[0].id);
    });
  };
  const newProcess = () => {
    // Right of the last one, so that it lies on none.
    const boxes = cy.nodes(".process").filter((n) => !n.isParent());
    const last = boxes.empty() ? { x: -GAP, y: 0 } : boxes.max((n) => n.position("x")).ele.position();
    const values = { name: words.newProcess, x: Math.round(last.x + GAP), y: Math.round(last.y) };
    ask(urls.change, { edits: [{ kind: "process", values }] }).then((told) => {
      if (!told || !told.rows.length) return;
      const made = cy.getElementById(`p${told.rows[0].id}`);
      const box = cy.extent();
      if (made.position("x") > box.x2 - GAP / 2 || made.position("y") > box.y2) cy.fit(undefined, 30);
      choose(made);
    });
  };
  const takeAway = (element) => {
    const kind = element.hasClass("process") ? "process" : "stream";
    ask(urls.change, { edits: [edit(kind, element.data("row"), { removed: true })] });
  };
  const fold = (node) => {
    const id = node.data("row");
    const inside = [...seen.process.values()].some((p) => p.parent === id);
    if (!inside) return say(words.noInside);
    if (folded.has(id)) folded.delete(id);
    else folded.add(id);
    redraw();
  };
  const redraw = () => draw({ processes: [...seen.process.values()], streams: [...seen.stream.values()] });

  // Two quick clicks on two things are no double click.
  let taps = [null, null];
  cy.on("tap", (event) => (taps = [taps[1], event.target]));
  const twice = (act) => (event) => taps[0] === taps[1] && act(event);
  cy.on("tap", "node.process", (event) => (from && from !== event.target ? endStream(event.target) : choose(event.target)));
  cy.on("tap", "edge, node.port", (event) => choose(event.target));
  cy.on("tap", (event) => event.target === cy && (from ? endStream(null) : choose(null)));
  cy.on("dbltap", "node.process", twice((event) => (event.originalEvent.shiftKey ? fold(event.target) : open("process", event.target.data("row")))));
  cy.on("dbltap", "edge, node.port", twice((event) => open("stream", event.target.data("row"))));

  const foldChosen = () => {
    const node = chosen();
    const box = node.hasClass("process") ? node : cy.collection();
    if (box.nonempty()) return fold(box.isParent() || folded.has(box.data("row")) || box.parent().empty() ? box : box.parent());
    // Nothing chosen: all of them, folded where any is open.
    const parents = new Set([...seen.process.values()].map((p) => p.parent).filter((id) => seen.process.has(id)));
    if (!parents.size) return say(words.noInside);
    if ([...parents].some((id) => !folded.has(id))) parents.forEach((id) => folded.add(id));
    else folded.clear();
    redraw();
  };
  const acts = { from: () => from, stop: () => {
    if (from) say(words.stopped);
    from = null;
  }, startStream, endStream, newProcess, fold, takeAway };
  window.flowKeys({ cy, stage, urls, mayEdit, placePorts, ask, chosen, choose, open, acts, later });

  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-flow]");
    if (!tool) return;
    const does = { undo: () => ask(urls.undo), redo: () => ask(urls.redo), arrange: () => ask(urls.arrange).then(() => cy.fit(undefined, 30)), reconcile: () => ask(urls.reconcile).then((told) => told && say(words.reconciled)), fit: () => cy.fit(undefined, 30), fold: foldChosen }[tool.dataset.flow];
    if (!does) return;
    event.preventDefault();
    does();
  });
  document.querySelector("#part-stream_table").addEventListener("pointerover", (event) => {
    const row = event.target.closest("tr[data-stream]");
    if (row) choose(cy.getElementById(`s${row.dataset.stream}`));
  });
  document.addEventListener("flow-changed", () => news(true));

  // On a phone the list of streams is the sheet, and the drawing is opened when wanted, large enough to read.
  const drawing = stage.closest("details");
  const phone = matchMedia("(max-width: 640px)");
  const READABLE = 0.7;
  const show = () => {
    cy.resize();
    cy.fit(undefined, 30);
    if (phone.matches && cy.zoom() < READABLE) cy.zoom(READABLE).center(cy.nodes(".process").first());
  };
  drawing.open = !phone.matches;
  drawing.addEventListener("toggle", () => drawing.open && show());

  draw(data);
  window.flowCanvas = cy; // what the browser tests measure
  setInterval(() => document.visibilityState === "visible" && news(false), 3000);
})();
