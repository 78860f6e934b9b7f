// Drop, paste, pick or take a file, or fill the fields in; the answer comes as a part of the page. Without this file the form serves alone.

const form = document.querySelector("form.try");
const place = document.querySelector("#answer");

if (form && place) {
  const limit = Number(form.dataset.limit);
  const status = form.querySelector("[role=status]");

  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => ask(input.files[0]));
  }
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.remove("over");
    });
  }
  form.addEventListener("drop", (event) => form.querySelector("input[type=file]") && ask(event.dataTransfer.files[0]));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = [...form.querySelectorAll("input[type=file]")].find((input) => input.files.length);
    if (form.querySelector("input[type=file]")) ask(chosen?.files[0]);
    else send(new FormData(form), "");
  });
  document.addEventListener("paste", (event) => form.querySelector("input[type=file]") && ask(event.clipboardData.files[0]));
  // A file dropped beside the field would otherwise replace the page.
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  explain();

  async function ask(file) {
    if (!file || form.classList.contains("waiting")) return;
    if (file.size > limit) {
      say(`${file.name} takes ${megabytes(file.size)} MB; at most ${Math.floor(limit / 1e5) / 10} MB can be sent. Save a smaller version.`);
      return;
    }
    const body = new FormData();
    body.append(form.querySelector("input[type=file]").name, file);
    await send(body, file.name);
    form.reset();
  }

  async function send(body, named) {
    if (form.classList.contains("waiting")) return;
    form.classList.add("waiting");
    say(named ? `Asking about ${named}` : "Asking");
    try {
      const response = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" } });
      place.innerHTML = await response.text();
      const answer = place.querySelector("[data-decision]");
      if (answer) history.replaceState(null, "", `?answer=${answer.dataset.decision}`);
      say("");
      place.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
      explain();
    } catch {
      say("Nothing was sent: there is no connection to the server. Try again once it is back.");
    } finally {
      form.classList.remove("waiting");
    }
  }

  function say(words) {
    status.textContent = words;
  }
}

if (!form) explain();

// Says in words what the picture of the regions shows.
async function explain() {
  const caption = document.querySelector("[data-regions]");
  if (!caption) return;
  try {
    const response = await fetch(caption.dataset.regions);
    if (!response.ok) return;
    const { largest, label } = await response.json();
    const points = Math.round(largest * 100);
    caption.textContent =
      points < 1
        ? `No single patch decides: hiding any one of them hardly changes the probability of “${label}”.`
        : `Brighter where it mattered. Hiding the brightest patch lowers the probability of “${label}” by ${points} ${points === 1 ? "point" : "points"}.`;
  } catch {
    // The caption that stands is true as well.
  }
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
