// Moves along the automation curve. Without this file the curve and its table say the same.

const slider = document.querySelector(".slider");

if (slider) {
  const points = JSON.parse(slider.dataset.points);
  const input = slider.querySelector("input");
  const reached = slider.querySelector("#reached");

  input.addEventListener("input", () => {
    const at = points[Number(input.value)];
    reached.textContent = at.says;
    input.setAttribute("aria-valuetext", `${at.threshold} sure, ${at.share} alone`);
  });
}
