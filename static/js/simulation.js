// The simulation page: a slider beside each number, and the advised threshold at a click.
const form = document.getElementById("try");

function number(name) {
  return form.elements[name];
}

function follow() {
  for (const slider of form.querySelectorAll("[data-slides]")) slider.value = number(slider.dataset.slides).value;
}

form.addEventListener("input", (event) => {
  const name = event.target.dataset.slides;
  if (name) number(name).value = event.target.value;
  else follow();
});

document.addEventListener("click", (event) => {
  const advised = event.target.closest("[data-try]");
  if (!advised) return;
  // Where everything is reviewed, only what the flow approves by itself passes.
  const name = number("always_review").checked ? "auto_approve_min_score" : "review_below_score";
  number(name).value = advised.dataset.try;
  follow();
  number(name).dispatchEvent(new Event("change", { bubbles: true }));
});

follow();
