// After a refused form, show its first fault; if that is a field's, the cursor is there.
window.addEventListener("load", () => {
  const fault = document.querySelector("#main form :is(div.errornote, [aria-invalid='true'])");
  if (!fault) return;
  for (let part = fault.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  if (fault.matches("[aria-invalid]")) fault.focus({ preventScroll: true });
  // A field that is drawn by a script is hidden itself; what is around it is not.
  let shown = fault;
  while (shown.parentElement && !shown.getClientRects().length) shown = shown.parentElement;
  shown.scrollIntoView({ block: "center" });
});
