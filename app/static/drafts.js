// Forms that are kept on the server while somebody types. Without this the button beside the form
// does the same. A lost connection is waited out: what was typed stays in this window's form, and in
// this tab's own storage, in case the machine ends the tab meanwhile (forms.js wipes it).

const AFTER_TYPING = 2000;
const AGAIN = 15000;

const NEVER = /^reporter_/; // who reported is written down on the server alone

function typed(form) {
  return [...new FormData(form)].filter(([name, value]) => {
    const control = form.elements.namedItem(name);
    return typeof value === "string" && !NEVER.test(name) && !/hidden|password/.test(control.type);
  });
}

function fill(form, pairs) {
  const names = new Set(pairs.map(([name]) => name));
  for (const each of form.elements) {
    if (/radio|checkbox/.test(each.type) && !NEVER.test(each.name)) {
      each.checked = pairs.some(([name, value]) => name === each.name && value === each.value);
    } else if (names.has(each.name) && each.type !== "hidden") {
      each.value = pairs.find(([name]) => name === each.name)[1];
    }
  }
}

function keep(form) {
  const said = form.querySelector("[data-draft-said]");
  const field = (name) => form.elements.namedItem(`draft.${name}`);
  let timer = 0;
  let saving = null;
  let changed = false;
  const address = `${location.pathname}${location.search}`;
  const key = `${document.body.dataset.mine}${form.getAttribute("action")} ${address}`;

  let sent = false;
  let ended = false; // whoever signs out leaves nothing here

  function hold() {
    sessionStorage.setItem(key, JSON.stringify({ address, sent, pairs: typed(form) }));
  }

  async function save() {
    changed = false;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") body.append(name, value);
    }
    try {
      const answer = await fetch("/drafts", {
        method: "POST", body, headers: { Accept: "application/json" },
      });
      if (!answer.ok) {
        said.textContent = form.dataset.draftRefused;
        return;
      }
      const kept = await answer.json();
      field("id").value = kept.id;
      field("version").value = kept.version;
      said.textContent = form.dataset.draft.replace("{moment}", kept.saved);
      if (!changed) sessionStorage.removeItem(key);
    } catch (error) {
      said.textContent = form.dataset.draftFailed;
      changed = true;
      hold();
      later(AGAIN);
    }
  }

  function later(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(async () => {
      if (saving) await saving;
      saving = save();
      await saving;
      saving = null;
      if (changed) later(AGAIN);
    }, wait);
  }

  form.addEventListener("input", () => {
    changed = true;
    sent = false;
    later(AFTER_TYPING);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") ended = true;
  }, { capture: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed && !ended) hold();
  });
  const held = JSON.parse(sessionStorage.getItem(key));
  if (held) {
    fill(form, held.pairs);
    said.textContent = form.dataset.draftAgain;
    changed = true;
    later(AFTER_TYPING);
  }
  window.addEventListener("online", () => {
    if (changed) later(0);
  });
  // A form that is sent takes its draft along: a save under way must have its key first.
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    sent = true;
    if (changed) hold();
    if (!saving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const by = event.submitter;
    saving.then(() => {
      saving = null;
      window.clearTimeout(timer);
      form.requestSubmit(by);
    });
  }, { capture: true });
}

document.querySelectorAll("form[data-draft]").forEach(keep);
