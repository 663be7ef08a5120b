import { describeEventStore } from '../test/event-store-conformance.ts';
import { createMemoryStore } from './memory.ts';

describeEventStore('memory', async () => createMemoryStore());
