import { openLmdbLog } from '../src/index.ts';

// Appends for ever from several callers and commits now and then; a line for each answer that came:
// "+ partition position text" for a durable record, "c partition next" for a durable commit.
const [path = '', round = '0'] = process.argv.slice(2);
const log = openLmdbLog({ path, partitions: 4, maxBytes: 1e9, minFreeBytes: 0, clock: () => 1 });

async function call(caller: number): Promise<never> {
  for (let turn = 0; ; turn++) {
    const texts = Array.from({ length: 1 + (turn % 3) }, (_, part) => `${round}/${caller}/${turn}/${part}`);
    const records = texts.map((text) => ({
      key: `caller ${caller}`,
      payload: Buffer.from(text.padEnd(500 + caller * 300)),
    }));
    const positions = await log.append(records);
    for (const [index, at] of positions.entries()) {
      process.stdout.write(`+ ${at?.partition} ${at?.position} ${texts[index]}\n`);
    }
    const [first] = positions;
    if (turn % 20 === 19 && first) {
      await log.commit(first.partition, Math.max(0, first.position - 100));
      process.stdout.write(`c ${first.partition} ${first.position - 100}\n`);
    }
  }
}

await Promise.all(Array.from({ length: 12 }, (_, caller) => call(caller)));
