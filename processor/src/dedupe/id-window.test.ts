import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdWindow } from './id-window.ts';

const uuid = (number: number): string => `0190aaaa-bbbb-7ccc-8ddd-${String(number).padStart(12, '0')}`;

describe('IdWindow', () => {
  it('tells ids of one project from those of another', () => {
    const window = createIdWindow({ windowMs: 1_000, maxIds: 10, coveredSince: 0 });
    expect(window.add('prj_a', uuid(1), 0)).toBe(true);
    expect(window.add('prj_a', uuid(1), 1)).toBe(false);
    expect(window.has('prj_a', uuid(1))).toBe(true);
    expect(window.has('prj_b', uuid(1))).toBe(false);
    expect(window.has('prj_a', uuid(2))).toBe(false);
  });

  it('tells apart ids that differ in any one digit', () => {
    const window = createIdWindow({ windowMs: 1_000, maxIds: 100, coveredSince: 0 });
    const id = '01234567-89ab-7cde-8f01-23456789abcd';
    window.add('prj_a', id, 0);
    for (let at = 0; at < id.length; at += 1) {
      if (id[at] === '-') continue;
      const digit = id[at] === '0' ? '1' : '0';
      expect(window.has('prj_a', id.slice(0, at) + digit + id.slice(at + 1))).toBe(false);
    }
  });

  it('forgets ids older than the window and says from when on it knows all', () => {
    const window = createIdWindow({ windowMs: 1_000, maxIds: 10, coveredSince: 0 });
    window.add('prj_a', uuid(1), 100);
    window.add('prj_a', uuid(2), 600);
    window.add('prj_a', uuid(3), 1_101);
    expect(window.has('prj_a', uuid(1))).toBe(false);
    expect(window.has('prj_a', uuid(2))).toBe(true);
    expect(window.coveredSince).toBe(101);
  });

  it('forgets the oldest when it is full', () => {
    const window = createIdWindow({ windowMs: 1_000_000, maxIds: 3, coveredSince: 0 });
    for (let number = 0; number < 5; number += 1) window.add('prj_a', uuid(number), number * 10);
    expect([0, 1, 2, 3, 4].map((number) => window.has('prj_a', uuid(number)))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(window.coveredSince).toBe(11);
    expect(window.size).toBe(3);
  });

  it('holds what a list of the newest ids holds, whatever is added in what order', () => {
    const step = fc.record({
      id: fc.nat(30),
      project: fc.constantFrom('p', 'q'),
      wait: fc.nat(400),
      isForgotten: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (steps, maxIds) => {
        const window = createIdWindow({ windowMs: 1_000, maxIds, coveredSince: 0 });
        let model: { key: string; at: number; isForgotten?: true }[] = [];
        let now = 0;
        for (const { id, project, wait, isForgotten } of steps) {
          now += wait;
          window.add(project, uuid(id), now);
          model = model.filter((one) => one.at >= now - 1_000);
          if (!model.some((one) => one.key === `${project}:${id}` && !one.isForgotten))
            model.push({ key: `${project}:${id}`, at: now });
          model = model.slice(-maxIds);
          if (isForgotten) {
            window.forget(project, uuid(id));
            // Its slot stays, empty, until its turn to go comes.
            model = model.map((one) => (one.key === `${project}:${id}` ? { ...one, isForgotten: true } : one));
          }
          expect(window.size).toBe(model.length);
          for (const one of ['p', 'q']) {
            for (let number = 0; number <= 30; number += 1) {
              const isHeld = model.some((entry) => entry.key === `${one}:${number}` && !entry.isForgotten);
              expect(window.has(one, uuid(number))).toBe(isHeld);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
