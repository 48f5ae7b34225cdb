// Ask for the figures again while somebody looks at them; a page that is in the background asks for nothing.
const figures = document.getElementById("figures");
const EVERY = 10_000;

async function refresh() {
  if (!document.hidden) {
    try {
      const answer = await fetch(figures.dataset.address, { headers: { Accept: "text/html" } });
      // A session that has ended is sent to the login, which is no answer to this.
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      figures.innerHTML = await answer.text();
    } catch {
      const stale = document.getElementById("stale");
      if (stale) stale.hidden = false;
    }
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
