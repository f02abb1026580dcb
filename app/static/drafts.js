// Forms that are kept on the server while somebody types. Without this the button beside the form
// does the same. A lost connection is waited out: what was typed stays in this window's form.

const AFTER_TYPING = 2000;
const AGAIN = 15000;

function keep(form) {
  const said = form.querySelector("[data-draft-said]");
  const field = (name) => form.elements.namedItem(`draft.${name}`);
  let timer = 0;
  let saving = null;
  let changed = false;

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
    } catch (error) {
      said.textContent = form.dataset.draftFailed;
      changed = true;
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
    later(AFTER_TYPING);
  });
  window.addEventListener("online", () => {
    if (changed) later(0);
  });
  // A form that is sent takes its draft along: a save under way must have its key first.
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
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
