// Say what the catalogue has of the word that was written last, and add one that was found there as a line.
document.addEventListener("DOMContentLoaded", () => {
  const known = JSON.parse(document.getElementById("analyses-known")?.textContent || "{}");
  for (const tools of document.querySelectorAll("[data-analyses]")) {
    const lines = document.getElementById(tools.dataset.analyses);
    const find = tools.querySelector("input");
    const output = tools.querySelector("output");
    const tell = (name) => {
      const entry = Object.hasOwn(known, name) ? known[name] : null;
      output.textContent = entry ? `${entry.call}: ${entry.title}` : "";
    };
    const current = () => {
      const line = lines.value.slice(0, lines.selectionStart).split("\n").pop();
      const words = (line.match(/[a-z_0-9]+(\.[a-z_0-9]+)?/g) || []).flatMap((word) => [word.split(".")[0], word]);
      tell(words.filter((word) => Object.hasOwn(known, word)).pop() || "");
    };
    // What is no entry's name adds no line: it is the beginning of one, or a slip.
    const missing = (name) => {
      const near = Object.keys(known).filter((one) => one.includes(name)).slice(0, 5);
      return `The catalogue has no ${name}${near.length ? `; it has ${near.join(", ")}` : ""}.`;
    };
    const add = () => {
      const name = find.value.trim();
      if (!name) return;
      if (!Object.hasOwn(known, name.split("(")[0].trim())) {
        output.textContent = missing(name);
        return;
      }
      lines.value = [...lines.value.split("\n").filter((line) => line.trim()), name].join("\n");
      find.value = "";
      tell(name);
    };
    for (const event of ["input", "click", "keyup"]) lines.addEventListener(event, current);
    find.addEventListener("input", () => tell(find.value.trim()));
    find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      add();
    });
    tools.querySelector("button").addEventListener("click", add);
  }
});
