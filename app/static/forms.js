// Forms that are quicker with a script: the error summary takes the focus, choices of the display
// apply at once, and a form can't be sent twice by a double click.

const DOUBLE_CLICK = 2000;

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
    // An answer that is a file leaves the page standing: its form must work again.
    window.setTimeout(() => {
      sent = false;
    }, DOUBLE_CLICK);
  });
});
