// The slider of the budget and the exact amount say the same: whoever moves one sees the other follow.
(() => {
  const slider = document.querySelector("#budget");
  const exact = document.querySelector("#exact");
  if (!slider || !exact) return;
  exact.addEventListener("input", () => {
    const typed = exact.value.trim();
    const comma = document.documentElement.lang !== "en";
    const plain = comma ? typed.replaceAll(".", "").replace(",", ".") : typed.replaceAll(",", "");
    if (plain && Number.isFinite(Number(plain))) slider.value = plain;
  });
  slider.addEventListener("input", () => (exact.value = ""));
})();
