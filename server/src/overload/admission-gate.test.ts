import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createAdmissionGate, type RefusalReason } from './admission-gate.ts';

function open() {
  const state = { ageMs: 0, isStalled: false };
  const seen: (RefusalReason | 'run')[] = [];
  const gate = createAdmissionGate({
    limits: { INGEST_MAX_IN_FLIGHT: 2, INGEST_MAX_IN_FLIGHT_BYTES: 1_000, INGEST_MAX_WAIT_MS: 100 },
    run: () => seen.push('run'),
    refuse: (_req, _res, reason) => seen.push(reason),
    line: { ageMs: () => state.ageMs },
    isLogStalled: () => state.isStalled,
  });
  function ask(url: string, { method = 'POST', length = '100' }: { method?: string; length?: string } = {}) {
    const req = Object.assign(new IncomingMessage(new Socket()), {
      method,
      url,
      headers: { 'content-length': length },
    });
    const res = new ServerResponse(req);
    gate.listener(req, res);
    return { verdict: seen.at(-1), end: () => res.emit('close') };
  }
  return { state, gate, ask };
}

it('lets in while there is room, and again once an answer has ended or its client has left', () => {
  const { gate, ask } = open();
  const first = ask('/api/v1/events');
  expect([first.verdict, ask('/v1/batch').verdict, ask('/api/v1/events').verdict]).toEqual(['run', 'run', 'in_flight']);
  expect(gate.load()).toEqual({ requests: 2, bytes: 200 });
  first.end();
  expect(gate.load()).toEqual({ requests: 1, bytes: 100 });
  expect(ask('/api/v1/events', { length: '901' }).verdict).toBe('bytes_in_flight');
  expect(ask('/api/v1/events', { length: '900' }).verdict).toBe('run');
});

it('refuses while the line is old, or the log does not answer', () => {
  const { state, ask } = open();
  state.ageMs = 100;
  expect(ask('/api/v1/identify').verdict).toBe('overloaded');
  state.ageMs = 99;
  state.isStalled = true;
  expect(ask('/api/v1/identify').verdict).toBe('log_stalled');
});

it.each([
  ['GET', '/api/v1/events/queue/status'],
  ['OPTIONS', '/api/v1/events'],
  ['POST', '/api/v1/query'],
  ['POST', '/admin/v1/projects'],
  ['GET', '/health'],
])('lets %s %s pass whatever comes in', (method, url) => {
  const { state, gate, ask } = open();
  state.ageMs = 1_000;
  expect(ask(url, { method }).verdict).toBe('run');
  expect(gate.load().requests).toBe(0);
});
