import { measure } from './measure.js';

for (const choice of document.querySelectorAll('input[name="kind"]')) {
  choice.addEventListener('change', () => {
    const kind = choice instanceof HTMLInputElement ? choice.value : 'all';
    for (const card of document.querySelectorAll('.card')) {
      if (card instanceof HTMLElement) card.hidden = kind !== 'all' && card.dataset['kind'] !== kind;
    }
    measure('track', 'teas_filtered', { kind });
  });
}
