import { MessageChannel } from 'node:worker_threads';
import { askOver, serveCalls } from '@px-platform/runtime';
import { afterAll, describe } from 'vitest';
import { describeExport } from '../test/describe-export.ts';
import { describeLive } from '../test/describe-live.ts';
import { describeTrouble } from '../test/describe-trouble.ts';
import { openEmbeddedTestStore } from '../test/open-test-store.ts';
import { connectReaders, toReaderCalls } from './readers-over-port.ts';

const opening = openEmbeddedTestStore();
const { port1, port2 } = new MessageChannel();
const serving = opening.then((open) => serveCalls(port1, toReaderCalls(open)));
afterAll(async () => {
  port1.close();
  await (await opening).store.close();
});

// Answers, pages, cursors and refusals; what a question means is the engine's, and is tested there.
describe('chdb asked over a port', () => {
  const connected = connectReaders(askOver(port2));
  const open = async () => {
    await serving;
    const { reader, auditReader } = connected;
    return { ...(await opening), reader, auditReader };
  };
  describeExport(open);
  describeLive(open);
  describeTrouble(open);
});
