import { expect, it } from 'vitest';
import { createBatchGate } from './batch-gate.ts';

const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('is shut once the batches under way are committed, and lets none in until it is opened', async () => {
  const gate = createBatchGate();
  const order: string[] = [];
  await gate.enter(never);
  await gate.enter(never);
  const closing = gate.close(never).then((isClosed) => order.push(`closed ${isClosed}`));
  const next = gate.enter(never).then((isIn) => order.push(`entered ${isIn}`));
  gate.leave();
  await turn();
  expect(order).toEqual([]);
  gate.leave();
  await closing;
  await turn();
  expect(order).toEqual(['closed true']);
  gate.open();
  await next;
  expect(order).toEqual(['closed true', 'entered true']);
});

it('that is empty is shut at once, and again', async () => {
  const gate = createBatchGate();
  for (let times = 0; times < 2; times += 1) {
    expect(await gate.close(never)).toBe(true);
    gate.open();
  }
  expect(await gate.enter(never)).toBe(true);
});

it('waits for nobody when it is time to end, and stays open', async () => {
  const gate = createBatchGate();
  await gate.enter(never);
  const ending = new AbortController();
  const closing = gate.close(ending.signal);
  const entering = gate.enter(ending.signal);
  ending.abort();
  expect(await closing).toBe(false);
  expect(await entering).toBe(false);
  expect(await gate.enter(never)).toBe(true);
});
