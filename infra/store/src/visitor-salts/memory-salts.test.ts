import { describeSaltStore } from '../../test/salt-store-conformance.ts';
import { createMemorySaltStore } from './memory-salts.ts';

describeSaltStore('memory', async () => createMemorySaltStore());
