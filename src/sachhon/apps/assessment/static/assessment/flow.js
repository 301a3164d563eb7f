// The canvas of the flow-sheet. It draws what the table holds and sends what is done on it; the server decides.
(() => {
  const stage = document.querySelector("#flow-stage");
  const source = document.querySelector("#flow-data");
  if (!stage || !source || !window.cytoscape) return;
  const data = JSON.parse(source.textContent);
  const { urls, words, mayEdit } = data;
  const look = window.flowLook; // flow_look.js
  const PORT = 150;
  const GAP = 260;
  const said = document.querySelector("#flow-said");
  const refused = document.querySelector("#flow-refused");
  const say = (text) => (said.textContent = text);
  const refuse = (text) => {
    refused.textContent = text || "";
    refused.hidden = !text;
  };
  let seq = data.seq;
  const seen = { process: new Map(), stream: new Map() };
  const folded = new Set();
  const waiting = new Set(); // processes that were moved, their places not stored yet

  const cy = cytoscape({
    container: stage,
    elements: [],
    layout: { name: "preset" },
    minZoom: 0.1,
    maxZoom: 3,
    pixelRatio: 1,
    textureOnViewport: true,
    boxSelectionEnabled: true,
    style: look.style,
  });

  // --- drawing: elements follow the rows; only what differs is touched

  const label = (s) => (s.status === "suspect" ? "⚠ " : "") + s.name + (s.amount ? `\n${s.amount}` : "");
  const shownProcess = (id) => {
    // The process, or the folded one it lies in.
    let shown = id;
    for (let p = seen.process.get(id); p; p = seen.process.get(p.parent)) if (folded.has(p.id)) shown = p.id;
    return shown;
  };

  const draw = (rows) => {
    const first = seen.process.size === 0;
    seen.process = new Map(rows.processes.map((p) => [p.id, p]));
    seen.stream = new Map(rows.streams.map((s) => [s.id, s]));
    cy.batch(() => {
      const wanted = new Set();
      rows.processes.forEach((p, i) => {
        if (shownProcess(p.id) !== p.id) return;
        const id = `p${p.id}`;
        wanted.add(id);
        const parent = p.parent && seen.process.has(p.parent) && !folded.has(p.parent) ? `p${p.parent}` : null;
        const name = folded.has(p.id) ? `▸ ${p.name}` : p.name;
        const position = { x: p.x ?? (i % 6) * GAP, y: p.y ?? Math.floor(i / 6) * 250 };
        const node = cy.getElementById(id);
        if (node.empty()) cy.add({ group: "nodes", data: { id, name, parent, row: p.id }, position, classes: "process" });
        else {
          node.data("name", name);
          if ((node.data("parent") || null) !== parent) node.move({ parent });
          if (!node.grabbed() && !waiting.has(id) && !node.isParent() && p.x !== null) node.position(position);
        }
      });
      rows.streams.forEach((s) => drawStream(s, wanted));
      cy.elements().filter((e) => !wanted.has(e.id())).remove();
      placePorts();
    });
    if (first) cy.fit(undefined, 30);
  };

  const drawStream = (s, wanted) => {
    const known = (id) => (id && seen.process.has(id) ? shownProcess(id) : null);
    const from = known(s.source);
    const to = known(s.target);
    if ((!from && !to) || (from && from === to)) return; // inside a folded process
    const id = `s${s.id}`;
    const port = `o${s.id}`;
    const colour = look.colours[s.kind] || look.ink;
    const outside = !from || !to;
    const ends = { source: from ? `p${from}` : port, target: to ? `p${to}` : port };
    const state = s.status === "suspect" ? " suspect" : s.status === "unknown" ? " unknown" : "";
    const classes = (outside ? "" : s.use === "recycle" ? "inner back" : "inner") + state;
    wanted.add(id);
    if (outside) {
      wanted.add(port);
      const side = from ? "below" : "above";
      const node = cy.getElementById(port);
      const more = { label: label(s), colour, at: from ? `p${from}` : `p${to}`, side, row: s.id };
      if (node.empty()) cy.add({ group: "nodes", data: { id: port, ...more }, classes: `port ${side}`, grabbable: false });
      else node.data(more).classes(`port ${side}`);
    }
    const edge = cy.getElementById(id);
    const more = { label: outside ? "" : label(s), colour, row: s.id };
    if (edge.empty()) cy.add({ group: "edges", data: { id, ...ends, ...more }, classes });
    else {
      if (edge.data("source") !== ends.source || edge.data("target") !== ends.target) edge.move(ends);
      edge.data(more);
      const chosen = edge.hasClass("chosen");
      edge.classes(classes + (chosen ? " chosen" : ""));
    }
  };

  // What comes from outside stands above its process, what leaves below it.
  const placePorts = (only) => {
    const groups = new Map();
    const ports = only ? only.connectedEdges().connectedNodes(".port") : cy.nodes(".port");
    ports.forEach((port) => {
      const key = port.data("at") + port.data("side");
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(port);
    });
    groups.forEach((ports) => {
      const centre = cy.getElementById(ports[0].data("at")).position();
      const sign = ports[0].data("side") === "above" ? -1 : 1;
      ports.sort((a, b) => a.data("row") - b.data("row"));
      ports.forEach((port, k) => port.position({ x: centre.x + (k - (ports.length - 1) / 2) * 92, y: centre.y + sign * (PORT - 26) }));
    });
  };

  // --- talking to the server

  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  let lost = false;
  const ask = async (url, body, arrived = () => {}) => {
    const options = { method: "POST", headers: { "X-CSRFToken": token(), Accept: "application/json", "Content-Type": "application/json" }, body: JSON.stringify(body || {}) };
    let answer;
    try {
      answer = await fetch(url, options);
    } catch {
      connection(false);
      return null;
    }
    arrived();
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      refuse(told.error || words.lost);
      await news(true);
      return null;
    }
    refuse((told.conflicts || []).join(" "));
    await news(true);
    return told;
  };
  const connection = (there) => {
    const back = there && lost;
    lost = !there;
    if (lost) say(waiting.size ? words.waits : words.lost);
    else if (back) {
      say(words.back);
      sendMoves();
    }
  };
  // What is on the screen is put back to what the server holds when an act is refused.
  const news = async (always) => {
    let answer;
    try {
      answer = await fetch(`${urls.news}?after=${always ? seq - 1 : seq}`, { headers: { Accept: "application/json" } });
    } catch {
      connection(false);
      return;
    }
    connection(true);
    if (answer.status !== 200) return;
    const rows = await answer.json();
    seq = rows.seq;
    draw(rows);
    Object.entries(rows.html).forEach(([name, html]) => {
      const part = document.querySelector(`#part-${name}`);
      if (!part) return;
      const at = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      part.innerHTML = html;
      if (window.htmx) htmx.process(part);
      if (at) part.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
    });
    if (rows.by.length) say(`${words.by} ${rows.by.join(", ")}.`);
  };
  const edit = (kind, row, values) => {
    const known = seen[kind].get(row);
    return { kind, row, version: known ? known.version : 0, values };
  };

  // --- what a hand does

  cy.on("drag", "node.process", (event) => placePorts(event.target.isParent() ? null : event.target));
  cy.on("dragfreeon", "node.process", (event) => {
    const moved = event.target.isParent() ? event.target.descendants() : event.target.union(cy.nodes(".process:selected").difference(cy.nodes(":parent")));
    moved.forEach((node) => waiting.add(node.id()));
    clearTimeout(timer);
    timer = setTimeout(sendMoves, 150);
  });
  let timer = null;
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
  const describe = (node) => {
    const into = node.incomers("edge").length;
    const out = node.outgoers("edge").length;
    say(`${words.selected}: ${node.data("name")} (${into} → ${out})`);
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
    if (!inside) return;
    if (folded.has(id)) folded.delete(id);
    else folded.add(id);
    draw({ processes: [...seen.process.values()], streams: [...seen.stream.values()] });
  };

  // Two quick clicks on two things are no double click.
  let taps = [null, null];
  cy.on("tap", (event) => (taps = [taps[1], event.target]));
  const twice = (act) => (event) => taps[0] === taps[1] && act(event);
  cy.on("tap", "node.process", (event) => (from && from !== event.target ? endStream(event.target) : choose(event.target)));
  cy.on("tap", "edge, node.port", (event) => choose(event.target));
  cy.on("tap", (event) => event.target === cy && (from ? endStream(null) : choose(null)));
  cy.on("dbltap", "node.process", twice((event) => (event.originalEvent.shiftKey ? fold(event.target) : open("process", event.target.data("row")))));
  cy.on("dbltap", "edge, node.port", twice((event) => open("stream", event.target.data("row"))));

  // --- what keys do

  const step = (key) => {
    const at = chosen();
    const boxes = cy.nodes(".process").filter((n) => !n.isParent());
    if (at.empty() || !at.hasClass("process")) return choose(boxes.first());
    const p = at.position();
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    let best = null;
    boxes.forEach((n) => {
      const dx = n.position("x") - p.x;
      const dy = n.position("y") - p.y;
      const along = dx * way[0] + dy * way[1];
      const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
      if (n === at || along <= 0) return;
      const far = along + 2 * aside;
      if (!best || far < best.far) best = { n, far };
    });
    if (best) {
      choose(best.n);
      cy.animate({ center: { eles: best.n } }, { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120 });
    }
  };
  const nudge = (key) => {
    const node = chosen();
    if (node.empty() || !node.hasClass("process")) return;
    const way = { ArrowLeft: { x: -20 }, ArrowRight: { x: 20 }, ArrowUp: { y: -20 }, ArrowDown: { y: 20 } }[key];
    node.shift({ x: way.x || 0, y: way.y || 0 });
    placePorts(node);
    waiting.add(node.id());
    clearTimeout(timer);
    timer = setTimeout(sendMoves, 500);
  };
  stage.addEventListener("keydown", (event) => {
    const key = event.key;
    const node = chosen();
    const letter = key.toLowerCase();
    let done = true;
    if ((event.ctrlKey || event.metaKey) && letter === "z" && mayEdit) ask(event.shiftKey ? urls.redo : urls.undo);
    else if ((event.ctrlKey || event.metaKey) && letter === "y" && mayEdit) ask(urls.redo);
    else if (event.ctrlKey || event.metaKey) done = false;
    else if (key.startsWith("Arrow")) event.altKey && mayEdit ? nudge(key) : step(key);
    else if (key === "Enter" && from && node.nonempty()) endStream(node);
    else if (key === "Enter" && node.nonempty()) open(node.hasClass("process") ? "process" : "stream", node.data("row"));
    else if (letter === "n" && mayEdit) newProcess();
    else if (letter === "s" && mayEdit && node.nonempty() && node.hasClass("process")) startStream(node);
    else if (letter === "f" && node.nonempty() && node.hasClass("process")) fold(node);
    else if (key === "Delete" && mayEdit && node.nonempty()) takeAway(node);
    else if (key === "Escape") {
      from = null;
      choose(null);
    } else if (key === "+" || key === "=") cy.zoom({ level: cy.zoom() * 1.2, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    else if (key === "-") cy.zoom({ level: cy.zoom() / 1.2, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    else if (key === "0") cy.fit(undefined, 30);
    else done = false;
    if (done) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-flow]");
    if (!tool) return;
    const does = { undo: () => ask(urls.undo), redo: () => ask(urls.redo), arrange: () => ask(urls.arrange).then(() => cy.fit(undefined, 30)), reconcile: () => ask(urls.reconcile).then((told) => told && say(words.reconciled)), fit: () => cy.fit(undefined, 30) }[tool.dataset.flow];
    if (!does) return;
    event.preventDefault();
    does();
  });
  document.querySelector("#part-stream_table").addEventListener("pointerover", (event) => {
    const row = event.target.closest("tr[data-stream]");
    if (row) choose(cy.getElementById(`s${row.dataset.stream}`));
  });
  document.addEventListener("flow-changed", () => news(true));

  draw(data);
  window.flowCanvas = cy; // what the browser tests measure
  setInterval(() => document.visibilityState === "visible" && news(false), 3000);
})();
