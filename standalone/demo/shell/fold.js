/**
 * Lets a button fold the panel away; the choice is kept in this browser.
 * @param {HTMLElement} button
 * @param {HTMLElement} page gets `data-panel`, `open` or `folded`
 */
export function runFold(button, page) {
  /** @param {boolean} isOpen */
  function set(isOpen) {
    page.dataset['panel'] = isOpen ? 'open' : 'folded';
    button.setAttribute('aria-expanded', String(isOpen));
    button.title = isOpen ? 'Fold the panel' : 'Unfold the panel';
  }

  set(localStorage.getItem('demo-panel') !== 'folded');
  button.addEventListener('click', () => {
    set(page.dataset['panel'] !== 'open');
    localStorage.setItem('demo-panel', page.dataset['panel'] ?? 'open');
  });
}
