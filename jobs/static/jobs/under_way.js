// Load a page about work under way again, while somebody looks at it and is not at something on it.
const EVERY = 5_000;

function again() {
  const busy = document.activeElement?.matches("input, select, textarea") || document.querySelector("details[open]");
  if (document.hidden || busy) setTimeout(again, EVERY);
  else window.location.reload();
}

if (document.querySelector("[data-under-way]")) setTimeout(again, EVERY);
