/**
 * Runs the frame that holds the shop: its address stands in the toolbar and in this page's hash, so
 * that a reload comes back to the same page, and the tools steer it. The shop is a site of its own:
 * nothing of this page is measured.
 * @param {object} parts
 * @param {HTMLIFrameElement} parts.frame
 * @param {HTMLAnchorElement} parts.address
 * @param {HTMLElement} parts.back
 * @param {HTMLElement} parts.reload
 * @param {HTMLSelectElement} parts.arrival a campaign's query to arrive with
 */
export function runShopFrame({ frame, address, back, reload, arrival }) {
  let shown = '';

  function follow() {
    const path = readPath(frame);
    if (path === null || path === shown) return;
    shown = path;
    address.textContent = path;
    address.setAttribute('href', path);
    history.replaceState(null, '', `#${path}`);
  }

  // No event tells a page outside that a single-page app has moved on, so this looks.
  setInterval(follow, 250);
  back.addEventListener('click', () => frame.contentWindow?.history.back());
  reload.addEventListener('click', () => frame.contentWindow?.location.reload());
  arrival.addEventListener('change', () => {
    if (arrival.value !== '') frame.contentWindow?.location.assign(`/shop/${arrival.value}`);
    arrival.value = '';
  });
  frame.src = toFirstPage(location);
}

/** @param {HTMLIFrameElement} frame @returns {string | null} null while it is between pages or elsewhere */
function readPath(frame) {
  try {
    const { pathname, search } = frame.contentWindow?.location ?? {
      pathname: '',
      search: '',
    };
    return pathname.startsWith('/shop/') ? pathname + search : null;
  } catch {
    return null;
  }
}

/**
 * Gives the shop's page that this page's address asks for: in its hash, else the front page, with the
 * campaign that a visitor arrived by. Never an address outside the shop.
 * @param {{ hash: string, search: string, origin: string }} here
 * @returns {string}
 */
export function toFirstPage({ hash, search, origin }) {
  const front = `/shop/${search}`;
  const wanted = hash.slice(1);
  if (!URL.canParse(wanted, origin)) return front;
  const url = new URL(wanted, origin);
  return url.origin === origin && url.pathname.startsWith('/shop/') ? url.pathname + url.search : front;
}
