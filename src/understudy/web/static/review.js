// Moves along the automation curve. Without this file the curve and its table say the same.

const slider = document.querySelector(".slider");

if (slider) {
  const points = JSON.parse(slider.dataset.points);
  const input = slider.querySelector("input");
  const reached = slider.querySelector("#reached");

  input.addEventListener("input", () => {
    const at = points[Number(input.value)];
    const worth = at.worth ? `, worth at least ${at.worth} a month` : "";
    const proven = at.proven ? "proven" : "not proven";
    reached.textContent =
      `From ${at.threshold} sure on it answers ${at.share} alone; ${at.wrong} of those are wrong, ` +
      `so at most ${at.bound}${worth}: ${proven}.`;
    input.setAttribute("aria-valuetext", `${at.threshold} sure, ${at.share} alone`);
  });
}
