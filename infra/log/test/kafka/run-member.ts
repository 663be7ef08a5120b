import { createInterface } from 'node:readline';
import { isKafkaClientName } from '../../src/kafka/create-kafka-client.ts';
import { openTestTopic } from './open-test-topic.ts';
import { watchMember } from './watch-member.ts';

/**
 * A member of a group in a process of its own, to be killed or frozen: `node run-member.ts CLIENT BOOTSTRAP TOPIC`. Says `assigned PARTITIONS`;
 * asked `plan`, `commit` or `read` of a partition and a position with its first reader, it answers `done` or the error's code.
 */
const [, , name = '', bootstrap = '', topic = ''] = process.argv;
if (!isKafkaClientName(name)) throw new TypeError(`There is no client ${name}.`);
const member = watchMember();
const group = (await openTestTopic({ name, bootstrap, topic })).createMember();
const say = (line: string) => process.stdout.write(`${line}\n`);
await group.join({
  ...member,
  assigned(reader) {
    member.assigned(reader);
    say(`assigned ${reader.partitions.join()}`);
  },
});
for await (const line of createInterface(process.stdin)) {
  const [call, partition, position] = line.split(' ');
  const [first] = member.readers;
  try {
    if (call === 'plan') await first?.plan(Number(partition), Number(position));
    if (call === 'commit') await first?.commit(Number(partition), Number(position));
    say(`${call} done`);
  } catch (error) {
    say(`${call} ${error instanceof Error && 'code' in error ? error.code : error}`);
  }
}
await group.leave();
