// Forms that are quicker with a script: the error summary takes the focus, choices of the display
// apply at once, and a form can't be sent twice by a double click. What this tab holds of forms
// that no connection could keep (see drafts.js) is wiped at sign-out, before anybody else, and once
// its form was answered.

const DOUBLE_CLICK = 2000;

const { held, mine } = document.body.dataset;
const here = `${location.pathname}${location.search}`;

function forget(unwanted) {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(held) && unwanted(key))
    .forEach((key) => sessionStorage.removeItem(key));
}

if (mine) forget((key) => !key.startsWith(mine));
// A page that came after a form was sent is its answer: the form again only where it was refused.
const refused = document.querySelector(".errors, .field-bad");
forget((key) => {
  const { address, sent } = JSON.parse(sessionStorage.getItem(key));
  return sent && (address !== here || refused);
});
document.querySelectorAll("form[action='/sign-out']").forEach((form) => {
  form.addEventListener("submit", () => forget(() => true));
});

const summary = document.querySelector(".errors");
if (summary) summary.focus();

document.querySelectorAll("form[data-instant]").forEach((form) => {
  form.addEventListener("change", () => form.submit());
});

// How many are ticked in a folded group.
document.querySelectorAll("[data-ticked]").forEach((said) => {
  const group = said.closest("details");
  group.addEventListener("change", () => {
    const ticked = group.querySelectorAll("input:checked").length;
    said.textContent = said.dataset.ticked.replace("{count}", ticked);
  });
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
