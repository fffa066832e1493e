/** Shows what the rule in a form would change while it is typed. Without it, a button does. */

const form = document.querySelector("form.rule");
const pauseMs = 300;
let timer;
let asking = new AbortController();

form?.addEventListener("input", () => {
  clearTimeout(timer);
  asking.abort();
  timer = setTimeout(preview, pauseMs);
});

async function preview() {
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      headers: { "X-Preview": "live" },
      body: new URLSearchParams(new FormData(form)),
      signal,
    });
    const text = await answer.text();
    if (!signal.aborted) show(answer.ok ? text : null);
  } catch {
    if (!signal.aborted) show(null);
  }
}

/** What is the same is left alone: it would be read out again. */
function show(html) {
  const shown = document.createElement("template");
  shown.innerHTML =
    html ??
    '<p id="preview-summary">There is no preview just now: press Preview.</p><div id="preview-list"></div>';
  for (const part of shown.content.children) {
    const place = document.getElementById(part.id);
    if (place.innerHTML !== part.innerHTML) place.replaceChildren(...part.childNodes);
  }
}
