// Answers by key, with the next question fetched ahead. Without this file the same forms serve, one page a question.

const GONE = new Set([404, 409]); // how the server says that a question waits for nobody any more, or for others
const desk = document.querySelector(".desk");

if (desk) {
  const place = desk.querySelector("#card");
  const said = desk.querySelector("#said");
  const headline = document.querySelector("#headline");
  const keys = document.querySelector("#keys");
  const inMenu = document.querySelector(".rail [aria-current=page] .number");
  const pages = `/projects/${encodeURIComponent(desk.dataset.project)}/queue`;
  let ahead = null; // the next question's card, not shown yet
  let asking = null; // the request for another question, while one is on its way
  const onTheirWay = new Set(); // decisions whose answer is being sent
  let shownAt = performance.now();
  let expiry = 0;
  let fading = 0;
  let turns = 0; // requests that were sent
  let told = 0; // the latest of those whose count of what waits is told

  show();

  desk.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    const form = event.target;
    if (button?.dataset.does === "undo") return undo();
    if (form.matches(".said")) return undo();
    const body = new FormData(form, button);
    // What is typed may be new: a card that came before it does not offer it.
    if (form.matches(".typed") || body.get("has.own")) forget();
    give(button?.getAttribute("formaction") ?? form.getAttribute("action"), body);
  });

  desk.addEventListener("click", (event) => {
    const does = event.target.closest("[data-does]")?.dataset.does;
    if (does === "enlarge") {
      event.preventDefault();
      enlarge();
    }
    if (does === "help") keys.showModal();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const on = event.target;
    if (on.matches("input:not([type=checkbox]), textarea, select")) {
      if (event.key === "Escape") place.focus();
      return;
    }
    if (event.key === "Escape") return shrink();
    if (event.key === " " && on.closest("button, a, summary, input")) return;
    if (event.key === "Enter" && on.closest("button, a, summary")) return;
    const done = pressed(event.key);
    if (done) event.preventDefault();
  });

  // What is in hand and not answered is offered to others at once.
  window.addEventListener("pagehide", () => {
    for (const card of [current(), ahead]) release(card);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // A page that nobody looks at keeps nothing ahead; what comes meanwhile goes back at once.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return void fetchAhead();
    forget();
  });

  function pressed(key) {
    const card = current();
    if (key === "?") return keys.showModal() ?? true;
    if (key === "u") return undo() ?? true;
    if (!card) return false;
    if (key === " ") return enlarge() ?? true;
    if (key === "n") return type(card) ?? true;
    // What is pressed goes on into the field, which has the focus by then.
    if (/^[-+.,0-9]$/.test(key) && card.querySelector(".given.number")) return type(card) ?? false;
    const button =
      key === "s" ? card.querySelector("[data-does=skip]")
      : key === "c" ? card.querySelector("[data-does=cannot-tell]")
      : key === "Enter" ? card.querySelector(".several .more button")
      : /^[0-9]$/.test(key) ? card.querySelector(`[data-key="${key}"]`)
      : null;
    button?.click();
    return Boolean(button);
  }

  // Shows the next question at once and sends the answer meanwhile; what cannot be sent comes back with the reason.
  async function give(address, body) {
    const card = current();
    if (!card || !address) return;
    body.set("seconds", ((performance.now() - shownAt) / 1000).toFixed(1));
    onTheirWay.add(card.dataset.decision);
    put(ahead ?? waiting());
    try {
      const response = await sent(address, { method: "POST", body: new URLSearchParams(body), headers: { "X-Fragment": "1" } });
      head(response);
      tell(await response.text());
      // What was refused is asked again, as it was filled in; what others answered first is not.
      if (!response.ok && !GONE.has(response.status)) return again(card);
    } catch {
      again(card);
      note("Not sent: there is no connection to the server. Answer again once it is back.");
      return;
    } finally {
      onTheirWay.delete(card.dataset.decision);
    }
    if (!current()) await more();
    fetchAhead();
  }

  async function undo() {
    const form = said.querySelector("form.said");
    if (!form) return note("There is nothing to take back: an answer can be taken back only for some seconds.");
    try {
      const response = await sent(`${pages}/undo`, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Fragment": "1" } });
      const html = await response.text();
      if (!response.ok) return tell(html);
      head(response);
      setAside();
      tell("");
      put(parsed(html));
    } catch {
      note("Not taken back: there is no connection to the server.");
    }
  }

  // Another question than those in hand, as a card; one without a decision where nothing waits.
  async function fetched() {
    const inHand = [current(), ahead].filter(Boolean).map((card) => card.dataset.decision).concat(...onTheirWay);
    const query = inHand.map((each) => `besides=${encodeURIComponent(each)}`).join("&");
    const response = await sent(`${pages}/card?${query}`, { headers: { "X-Fragment": "1" } });
    if (!response.ok) throw new Error(response.statusText);
    head(response);
    return parsed(await response.text());
  }

  // One request at a time, whoever wants it: of two questions taken in hand for one place, one would wait for nobody.
  function another() {
    asking ??= fetched()
      .finally(() => (asking = null))
      .then(keep);
    return asking;
  }

  // What came is shown where nobody is asked, or kept ahead; what there is no place for is offered to others.
  function keep(card) {
    if (onTheirWay.has(card.dataset.decision)) return; // it was answered while it came
    const asked = current();
    if (!asked) return put(card);
    // Who took an answer back meanwhile is asked that question again, and may be given it twice.
    if (!card.dataset.decision || card.dataset.decision === asked.dataset.decision) return;
    if (ahead || document.hidden) return release(card);
    ahead = card;
    const photo = card.querySelector("img");
    if (photo) new Image().src = photo.src;
  }

  function again(card) {
    setAside();
    put(card);
    [...card.querySelectorAll("input.short")].find((field) => field.value)?.focus();
  }

  // What stands there comes next, after a question that comes back.
  function setAside() {
    const left = current();
    if (!left) return;
    release(ahead);
    ahead = left;
  }

  function forget() {
    release(ahead);
    ahead = null;
  }

  function release(card) {
    if (card?.dataset.decision) navigator.sendBeacon(`${pages}/release`, about(card));
  }

  async function sent(address, options) {
    const turn = ++turns;
    return Object.assign(await fetch(address, options), { turn });
  }

  // How many wait, as every response tells it: in the headline, the menu and the name of the page.
  function head(response) {
    if (response.turn < told) return; // it was asked for before what is told already
    told = response.turn;
    const words = response.headers.get("X-Headline");
    if (!words) return;
    headline.textContent = decodeURIComponent(words);
    const waiting = response.headers.get("X-Waiting");
    document.title = document.title.replace(/^(\(.*?\) )?/, waiting === "0" ? "" : `(${waiting}) `);
    inMenu.lastChild.textContent = waiting;
    inMenu.classList.toggle("kept", waiting !== "0");
  }

  async function fetchAhead() {
    if (ahead || document.hidden || !current()) return;
    try {
      await another();
    } catch {
      // It is fetched when it is needed.
    }
  }

  async function more() {
    try {
      await another();
    } catch {
      note("The next question did not come: the server could not be asked. It is tried again in a few seconds.");
    }
  }

  function put(card) {
    if (card === ahead) ahead = null;
    shrink();
    place.replaceChildren(card);
    show();
  }

  function show() {
    const card = current();
    shownAt = performance.now();
    clearTimeout(expiry);
    // Where nothing waits the place is looked at again and again, and takes the focus only from nobody.
    const typing = document.activeElement?.closest(".card input");
    const nobody = (document.activeElement ?? document.body) === document.body;
    if (card ? !typing : nobody) place.focus({ preventScroll: true });
    if (!card) return;
    const until = Number(card.dataset.until ?? performance.now() + Number(card.dataset.seconds) * 1000);
    card.dataset.until = until;
    expiry = setTimeout(() => (card.querySelector(".expired").hidden = false), Math.max(0, until - performance.now()));
    fetchAhead();
  }

  // Nothing waits: looks again every few seconds while somebody looks at the page.
  setInterval(() => {
    if (!document.hidden && place.querySelector(".card.empty, .card.waiting")) more();
  }, 4000);

  function tell(html) {
    clearTimeout(fading);
    said.innerHTML = html;
    const form = said.querySelector("form.said");
    if (form) fading = setTimeout(() => form.querySelector("button")?.remove(), Number(form.dataset.seconds) * 1000);
  }

  function note(words) {
    clearTimeout(fading);
    said.textContent = words;
  }

  function type(card) {
    const own = card.querySelector(".own");
    if (own) own.open = true;
    card.querySelector(".answers input:is([name=value], [name='has.own']):not([type=hidden])")?.focus();
  }

  function enlarge() {
    current()?.querySelector(".asked")?.classList.toggle("full");
  }

  function shrink() {
    place.querySelector(".asked.full")?.classList.remove("full");
  }

  function current() {
    return place.querySelector(".card[data-kind]");
  }

  function about(card) {
    return new URLSearchParams({ decision: card.dataset.decision, kind: card.dataset.kind });
  }

  function waiting() {
    const card = document.createElement("div");
    card.className = "card empty waiting";
    card.textContent = "Fetching the next one";
    return card;
  }

  function parsed(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    // A template's own elements are of a document that loads nothing: a recording or clip would never play.
    return document.importNode(box.content.querySelector(".card"), true);
  }
}
