/** Tells on the setup page that the first event has arrived. Without it, one looks again by hand. */

const place = document.getElementById("first-event");
const firstPauseMs = 1000;
const longestPauseMs = 10_000;

let pauseMs = firstPauseMs;
let known = { errors: 0, waiting: { rows: 0 } };
while (!known.errors) {
  await pause(pauseMs);
  pauseMs = Math.min(pauseMs * 1.3, longestPauseMs);
  known = (await ask()) ?? known;
  if (known.errors)
    show("The first event has arrived, and was looked into.", "See it in the report");
  else if (known.waiting?.rows) show("The first event has arrived. Its line is being looked for.");
}

/** At most so long while the page is seen; whoever comes back to it waits no more. */
async function pause(ms) {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
    document.addEventListener("visibilitychange", resolve, { once: true });
  });
  if (!document.hidden) return;
  pauseMs = firstPauseMs;
  await new Promise((resolve) => {
    document.addEventListener("visibilitychange", resolve, { once: true });
  });
}

/** What the server has; null while it does not say. */
async function ask() {
  try {
    const answer = await fetch("/check_health", { headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return null;
  }
}

/** What is the same is left alone: it would be read out again. */
function show(words, toReport = "See the report") {
  if (place.firstChild.textContent === `${words} `) return;
  const link = Object.assign(document.createElement("a"), { href: "/", textContent: toReport });
  place.replaceChildren(`${words} `, link);
  place.className = "card done";
}
