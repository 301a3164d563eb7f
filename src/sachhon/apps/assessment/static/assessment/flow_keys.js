// What keys do on the canvas: everything a hand can do, without one.
window.flowKeys = ({ cy, stage, urls, mayEdit, placePorts, ask, chosen, choose, open, acts, later }) => {
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
    later(node, 500);
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
    else if (key === "Enter" && acts.from() && node.nonempty()) acts.endStream(node);
    else if (key === "Enter" && node.nonempty()) open(node.hasClass("process") ? "process" : "stream", node.data("row"));
    else if (letter === "n" && mayEdit) acts.newProcess();
    else if (letter === "s" && mayEdit && node.nonempty() && node.hasClass("process")) acts.startStream(node);
    else if (letter === "f" && node.nonempty() && node.hasClass("process")) acts.fold(node);
    else if (key === "Delete" && mayEdit && node.nonempty()) acts.takeAway(node);
    else if (key === "Escape") {
      acts.stop();
      choose(null);
    } else if (key === "+" || key === "=") cy.zoom({ level: cy.zoom() * 1.2, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    else if (key === "-") cy.zoom({ level: cy.zoom() / 1.2, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    else if (key === "0") cy.fit(undefined, 30);
    else done = false;
    if (done) event.preventDefault();
  });
};
