// Keys: `/` goes to the search field, `?` to the list of keys; `g`, then a letter, to an entry of the
// rail. The letters stand on the rail's links (data-go). Nothing here is needed: all have links.

const WAIT_FOR_LETTER = 1500;

let waitingSince = 0;

function typing(target) {
  return target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const search = document.getElementById("q");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    return;
  }
  if (event.key === "?") {
    window.location.assign("/help/keys");
    return;
  }
  if (event.key === "g") {
    waitingSince = event.timeStamp;
    return;
  }
  if (event.timeStamp - waitingSince < WAIT_FOR_LETTER && /^[a-z]$/.test(event.key)) {
    const link = document.querySelector(`a[data-go="${event.key}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  }
  waitingSince = 0;
});
