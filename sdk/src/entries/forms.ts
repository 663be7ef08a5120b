import type { Plugin, Px } from '../px.ts';

/**
 * Records forms: `form_start` at the first field that is touched, `form_submit`, and `form_abandon` when the page goes
 * after a start without a submit. Each tells `form` (its id, name, or place), `fields` touched, the `last_field` (its name or
 * id) and `engaged_ms` since the start. Never a value; nothing in `data-px-ignore`, and of password fields not even the name.
 */
export function forms(): Plugin {
  return {
    name: 'forms',
    setup: (px: Px) => {
      const started = new Map<HTMLFormElement, { at: number; fields: Set<string>; last: string }>();
      const tell = (event: string, form: HTMLFormElement) => {
        const { at, fields, last } = started.get(form) ?? { at: Date.now(), fields: new Set<string>(), last: '' };
        px.track(event, {
          form: nameOf(form) || `form:${[...document.forms].indexOf(form)}`,
          fields: fields.size,
          last_field: last,
          engaged_ms: Date.now() - at,
        });
      };
      const touch = ({ target }: Event) => {
        if (!(target instanceof Element)) return;
        const form = target.closest('form');
        if (!form || target.closest('[data-px-ignore],[type=password],[type=submit],button')) return;
        const known = started.get(form);
        const state = known ?? { at: Date.now(), fields: new Set<string>(), last: '' };
        state.last = nameOf(target);
        state.fields.add(state.last);
        started.set(form, state);
        if (!known) tell('form_start', form);
      };
      const on = (type: string, run: (event: Event) => void) =>
        addEventListener(type, run, { capture: true, passive: true });
      on('input', touch);
      on('change', touch);
      on('submit', ({ target }) => {
        if (!(target instanceof HTMLFormElement) || target.closest('[data-px-ignore]')) return;
        tell('form_submit', target);
        started.delete(target);
      });
      on('pagehide', () => {
        for (const form of started.keys()) tell('form_abandon', form);
        started.clear();
      });
    },
  };
}

/** Not `element.id`: a field named "id" hides it. */
function nameOf(element: Element): string {
  return (element.getAttribute('name') ?? element.getAttribute('id') ?? '').slice(0, 100);
}
