// Passkeys: the one thing that nothing but a script can ask for. It fills a field of the form and
// sends it, as if a person had. Without it a code does the same.

const FRESH = 4 * 60 * 1000; // what is to be asked waits for five minutes

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0));
}

function words(buffer) {
  const plain = Array.from(new Uint8Array(buffer), (each) => String.fromCharCode(each)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function toAsk(options) {
  const wanted = Object.assign({}, options, { challenge: bytes(options.challenge) });
  if (options.user) {
    wanted.user = Object.assign({}, options.user, { id: bytes(options.user.id) });
  }
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) {
      wanted[list] = options[list].map((each) => Object.assign({}, each, { id: bytes(each.id) }));
    }
  }
  return wanted;
}

function answered(credential) {
  const said = credential.response;
  const response = { clientDataJSON: words(said.clientDataJSON) };
  if (said.attestationObject) {
    response.attestationObject = words(said.attestationObject);
    response.transports = said.getTransports ? said.getTransports() : [];
  } else {
    response.authenticatorData = words(said.authenticatorData);
    response.signature = words(said.signature);
    if (said.userHandle) response.userHandle = words(said.userHandle);
  }
  const id = words(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, response });
}

function show(place, when) {
  place.querySelectorAll("[data-when]").forEach((each) => {
    each.hidden = each.dataset.when !== when && !(when === "failed" && each.dataset.when === "ready");
  });
}

async function fetched(place) {
  const token = place.closest("form").elements.namedItem("csrf_token").value;
  const answer = await fetch(place.dataset.ask, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ csrf_token: token }),
  });
  if (answer.ok) {
    return { options: toAsk((await answer.json()).public_key), at: Date.now() };
  }
  const problem = await answer.json();
  if (problem.type === "/problems/fresh-authentication") {
    window.location.assign("/me/again?back=" + encodeURIComponent(window.location.pathname));
  }
  return null;
}

async function press(place, held) {
  const form = place.closest("form");
  try {
    const asked = held && Date.now() - held.at < FRESH ? held : await fetched(place);
    if (!asked) {
      show(place, "failed");
      return;
    }
    const wanted = { publicKey: asked.options };
    const credential =
      place.dataset.passkeys === "create"
        ? await navigator.credentials.create(wanted)
        : await navigator.credentials.get(wanted);
    form.elements.namedItem("credential").value = answered(credential);
    form.submit();
  } catch (error) {
    // Told not to, or nothing there: the page says so, and the other ways stay.
    show(place, "failed");
  }
}

document.querySelectorAll("[data-passkeys]").forEach(async (place) => {
  if (!window.PublicKeyCredential || !window.isSecureContext) {
    show(place, "old");
    return;
  }
  if (window.location.origin !== place.dataset.origin) {
    show(place, "elsewhere");
    return;
  }
  let held = null;
  if ("early" in place.dataset) {
    try {
      held = await fetched(place);
    } catch (error) {
      held = null; // no connection: the other way stays
    }
    if (!held) return;
  }
  show(place, "ready");
  place.querySelector("button").addEventListener("click", () => {
    const once = held;
    held = null;
    press(place, once);
  });
});
