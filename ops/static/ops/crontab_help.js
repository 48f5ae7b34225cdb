// Say below the choice of a crontab what it means in words.
const words = JSON.parse(document.getElementById("readable-crontabs").textContent);
const choice = document.getElementById("id_crontab");
const translation = document.querySelector(".field-crontab_translation");
if (translation) translation.hidden = true;
if (choice) {
  const line = document.createElement("p");
  choice.closest(".field-crontab, div").append(line);
  const tell = () => { line.textContent = words[choice.value] || ""; };
  choice.addEventListener("change", tell);
  tell();
}
