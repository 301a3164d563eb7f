// How the canvas of the flow-sheet looks: colours by the kind of a stream, boxes, ports, edges, what is chosen.
window.flowLook = (() => {
  const ink = "#1b2a33";
  const colours = { material: "#0072B2", energy: "#B36B00", water: "#1F7FA8", waste: "#A5301D" };
  const style = [
    { selector: "node.process", style: { shape: "round-rectangle", width: 150, height: 56, "background-color": "#fff", "border-width": 1.5, "border-color": ink, label: "data(name)", "text-valign": "center", "text-halign": "center", "text-wrap": "wrap", "text-max-width": 138, "font-family": "Be Vietnam Pro", "font-size": 13, "font-weight": 600, color: ink, "min-zoomed-font-size": 6 } },
    { selector: "node.process:parent", style: { "text-valign": "top", "background-opacity": 0.35, "background-color": "#e3f1eb", "border-style": "dashed", padding: 26 } },
    { selector: "node.port", style: { shape: "ellipse", width: 7, height: 7, "background-color": "#7a8983", label: "data(label)", "text-wrap": "wrap", "text-max-width": 86, "font-family": "Be Vietnam Pro", "font-size": 10.5, color: "data(colour)", "min-zoomed-font-size": 7, events: "yes" } },
    { selector: "node.port.above", style: { "text-valign": "top" } },
    { selector: "node.port.below", style: { "text-valign": "bottom" } },
    { selector: "edge", style: { width: 2, "line-color": "data(colour)", "target-arrow-color": "data(colour)", "target-arrow-shape": "triangle", "curve-style": "straight" } },
    { selector: "edge.inner", style: { "curve-style": "bezier", label: "data(label)", "font-family": "Be Vietnam Pro", "font-size": 10.5, color: "data(colour)", "text-wrap": "wrap", "text-max-width": 100, "text-background-color": "#fff", "text-background-opacity": 0.85, "text-background-padding": 2, "min-zoomed-font-size": 7 } },
    { selector: "edge.back", style: { "curve-style": "unbundled-bezier", "control-point-distances": 90, "control-point-weights": 0.5, "line-style": "dashed" } },
    { selector: ".suspect", style: { "line-color": "#A5301D", "target-arrow-color": "#A5301D", width: 4, color: "#A5301D" } },
    { selector: ".unknown", style: { "line-style": "dotted" } },
    { selector: ":selected, .chosen", style: { "border-color": "#0b6e4f", "border-width": 4, "line-color": "#0b6e4f", "target-arrow-color": "#0b6e4f" } },
    { selector: ".hidden", style: { display: "none" } },
  ];
  return { ink, colours, style };
})();
