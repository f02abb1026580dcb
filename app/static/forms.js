// Forms that are quicker with a script: the error summary takes the focus, choices of the display
// apply at once, and a form can't be sent twice by a double click.

const summary = document.querySelector(".errors");
if (summary) summary.focus();

document.querySelectorAll("form[data-instant]").forEach((form) => {
  form.addEventListener("change", () => form.submit());
});

document.querySelectorAll("form[method='post']").forEach((form) => {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // Coming back by the browser's history must not find a dead form.
  window.addEventListener("pageshow", () => {
    sent = false;
  });
});
