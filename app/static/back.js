// Coming back to a form that was sent. Its page is fetched anew, with another key, and the browser
// fills in again only what it may remember: sent like that, it would be a half-empty second one. So
// the entry of the history remembers which form was sent from it. That form goes on under its former
// key, and what was sent stands in its place. Without a script it is a form of its own, as any other.
//
// A form of buttons alone has nothing to be half-filled: its page, fetched anew, says what a press
// does by now. Under its former key "I have seen this" would be answered as it was, and see nothing.

const KEY = "form_key";

const forms = [...document.querySelectorAll("form[method='post']")].filter((form) => (
  form.elements.namedItem(KEY)
));

function fillsIn(form) {
  return [...form.elements].some((each) => !/hidden|submit|button|fieldset/.test(each.type));
}

function remember(sent) {
  window.history.replaceState({ ...window.history.state, sent }, "");
}

async function sentBefore(form, key) {
  try {
    const answer = await fetch(`/sent/${encodeURIComponent(key)}`);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = document.importNode(page.getElementById("sent"), true);
    form.before(told);
    form.hidden = true;
    told.querySelector(".notice").focus();
  } catch (error) {
    // Without a connection the form stands as it is: sent again, it is noticed by its key.
  }
}

forms.forEach((form) => {
  form.addEventListener("submit", () => {
    remember({ action: form.getAttribute("action"), key: form.elements.namedItem(KEY).value });
  });
});

const { sent } = window.history.state || {};
const [arrival] = performance.getEntriesByType("navigation");
if (sent && arrival.type === "navigate") {
  // The same address opened anew: Chromium hands the entry's memory on.
  remember(undefined);
} else if (sent) {
  const form = forms.find((each) => each.getAttribute("action") === sent.action);
  if (form && fillsIn(form)) {
    form.elements.namedItem(KEY).value = sent.key;
    sentBefore(form, sent.key);
  }
}
