import { describeControlStore } from '../test/control-conformance.ts';
import { createMemoryControl } from './memory.ts';

describeControlStore('memory', async (clock) => createMemoryControl({ clock }));
