/** How long the outcome stands, in ms. */
const noticeMs = 8_000;

/**
 * Lets a button send sample visitors, one round at a time.
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} notice says what came of it
 */
export function runVisitorsButton(button, notice) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let clearing;
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    notice.textContent = 'Sending visitors from five continents…';
    notice.textContent = await sendVisitors();
    button.removeAttribute('aria-disabled');
    clearTimeout(clearing);
    clearing = setTimeout(() => {
      notice.textContent = '';
    }, noticeMs);
  });
}

/** @returns {Promise<string>} what came of it, in words */
async function sendVisitors() {
  try {
    const response = await fetch('/demo/visitors', { method: 'POST' });
    if (response.status === 409) return 'A round of visitors is on its way already.';
    if (!response.ok) return `The server answered ${response.status}; its log says why.`;
    const { sent } = await response.json();
    return `${Number(sent)} events sent through the HTTP interface.`;
  } catch {
    return 'The server could not be reached.';
  }
}
