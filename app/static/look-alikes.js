// Beside the form of a new lead: matters that may tell of the same, while somebody types.
// Without it the button "Look for repeats first" does the same on the server.

const form = document.getElementById("log");
const place = document.getElementById("alike");
const watched = ["where", "what", "name"];
let asked = 0;

async function look() {
  if (!form.elements.namedItem("where").value.trim()) {
    return;
  }
  asked += 1;
  const mine = asked;
  const body = new URLSearchParams();
  for (const name of [...watched, "csrf_token"]) {
    body.append(name, form.elements.namedItem(name).value);
  }
  try {
    const answer = await fetch("/log/look-alikes", { method: "POST", body });
    if (!answer.ok || mine !== asked) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
  } catch (error) {
    // A lost connection takes the hints away, never the form.
    place.textContent = "";
  }
}

if (form && place) {
  for (const name of watched) {
    form.elements.namedItem(name).addEventListener("change", look);
  }
}
