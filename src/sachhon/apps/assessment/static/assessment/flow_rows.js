// A row was stored in the side panel: close it, and show what changed. Without script the pages do this themselves.
(() => {
  document.documentElement.classList.add("has-script");
  document.addEventListener("flow-changed", () => {
    const panel = document.querySelector("#panel");
    if (panel && panel.open) panel.close();
    if (!document.querySelector("#flow")) location.reload();
  });
})();
