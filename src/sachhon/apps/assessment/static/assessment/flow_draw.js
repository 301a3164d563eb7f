// Draws the rows of a flow-sheet on the canvas: elements follow the rows, and only what differs is touched.
window.flowDraw = ({ cy, look, words, seen, folded, waiting }) => {
  const PORT = 150;
  const GAP = 260;
  const label = (s) => (s.status === "suspect" ? "⚠ " : "") + s.name + (s.amount ? `\n${s.amount}` : "");
  const shownProcess = (id) => {
    // The process, or the folded one it lies in.
    let shown = id;
    for (let p = seen.process.get(id); p; p = seen.process.get(p.parent)) if (folded.has(p.id)) shown = p.id;
    return shown;
  };

  const drawn = new Map(); // stream → what of it is on the canvas; a stream that is the same is not touched

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
        const name = (folded.has(p.id) ? "▸ " : "") + p.name + (p.stock ? `\n(${words.stock})` : "");
        const position = { x: p.x ?? (i % 6) * GAP, y: p.y ?? Math.floor(i / 6) * 250 };
        const node = cy.getElementById(id);
        if (node.empty()) cy.add({ group: "nodes", data: { id, name, parent, row: p.id }, position, classes: "process" });
        else {
          if (node.data("name") !== name) node.data("name", name);
          if ((node.data("parent") || null) !== parent) node.move({ parent });
          if (!node.grabbed() && !waiting.has(id) && !node.isParent() && p.x !== null) moveTo(node, position);
        }
      });
      rows.streams.forEach((s) => drawStream(s, wanted));
      cy.elements().filter((e) => !wanted.has(e.id())).remove();
      placePorts();
    });
    if (first) cy.fit(undefined, 30);
  };

  const moveTo = (node, { x, y }) => {
    const at = node.position();
    if (at.x !== x || at.y !== y) node.position({ x, y });
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
    if (outside) wanted.add(port);
    const whole = [ends.source, ends.target, label(s), colour, classes].join("\u0000");
    if (drawn.get(id) === whole && cy.getElementById(id).nonempty()) return;
    drawn.set(id, whole);
    if (outside) {
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
      ports.forEach((port, k) => moveTo(port, { x: centre.x + (k - (ports.length - 1) / 2) * 92, y: centre.y + sign * (PORT - 26) }));
    });
  };

  // While a hand drags, each frame draws the layer of what is dragged alone, not the whole sheet. So the ports ride
  // along with their process (the lists are the renderer's), and that the bounds of what is held change is not told to
  // the renderer, which would draw every stream anew for it: it draws what is held after each move of the hand.
  const painter = cy.renderer();
  const told = painter.notify;
  let held = false;
  painter.notify = function (what, ...more) {
    if (!held || what !== "bounds") told.call(this, what, ...more);
  };
  const hold = () => {
    const { possibleDragElements, touchDragEles } = painter.dragData;
    [possibleDragElements, touchDragEles].forEach((moving) => moving && moving.merge(moving.union(moving.descendants()).connectedEdges().connectedNodes(".port")));
    held = true;
  };
  cy.on("grabon", "node.process", hold);
  cy.on("freeon", "node.process", () => (held = false));

  return { draw, placePorts, GAP };
};
