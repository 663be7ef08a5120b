import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loopback } from '../../../e2e/chaos/network/loopback.ts';
import { type Stack, startStack } from '../../../e2e/chaos/start-stack.ts';
import { askJson } from './ask-json.ts';
import { askQuestion } from './ask-question.ts';
import { waitUntil } from './wait-until.ts';

/** Kafka, the engine behind HTTP, Postgres and Redis, with a server and its processors on them, each a process of its own. */
export interface KafkaStack {
  readonly url: string;
  readonly apiKey: string;
  readonly projectId: string;
  /** Where brokers are reached, as KAFKA_BOOTSTRAP_SERVERS takes them. */
  readonly bootstrap: string;
  readonly broker: Stack['kafka']['brokers'][number];
  readonly engine: Stack['engine'];
  readonly server: Stack['engine'];
  readonly processors: Stack['processors'];
  /** Asks `POST /api/v1/query`; gives the rows of the answer. */
  ask(question: object): Promise<unknown[][]>;
  /** Rows that the store holds of the project, duplicates counted as often as they are there. */
  countRows(): Promise<number>;
  /** What the server tells of its queue. */
  askQueue(): Promise<QueueStatus>;
  /** Waits until neither the topic nor the spool holds what is not stored. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** `GET /api/v1/events/queue/status`: records that are not stored yet, and those of them that wait in the spool. */
export interface QueueStatus {
  readonly depth: number;
  readonly spooled: number;
}

/** As many as a topic gets unless told otherwise. */
export const stackPartitions = 12;

const drainTimeoutMs = 180_000;

/** Starts it with one broker and one server, which writes its log at level info to a file; all of it is removed when it is closed. */
export async function openKafkaStack(options: {
  readonly processors: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly execArgv?: readonly string[];
}): Promise<KafkaStack> {
  const outputFolder = mkdtempSync(join(tmpdir(), 'px-bench-stack-'));
  const { env, processors, execArgv = [] } = options;
  const stack = await startStack({
    brokers: 1,
    servers: 1,
    processors,
    partitions: stackPartitions,
    env: { LOG_LEVEL: 'info', ...env },
    execArgv,
    outputFolder,
    network: loopback,
  });
  const [[client], [server], [broker]] = [stack.clients, stack.servers, stack.kafka.brokers];
  if (client === undefined || server === undefined || broker === undefined) throw new RangeError('The stack is empty.');
  // An exit takes along what was started.
  const abandon = (): void => {
    for (const one of [...stack.processors, server, broker, stack.engine]) void one.kill();
    void stack.redis.close();
    void stack.postgres.close();
  };
  process.once('exit', abandon);
  const { url, apiKey, projectId, adminToken } = client;
  const key = { kind: 'srv', name: 'reader', scopes: ['query:read'] };
  const made = await askJson(`${url}/admin/v1/projects/${projectId}/keys`, { key: adminToken, body: key });
  const readKey = String(made['key']);

  const ask = (question: object): Promise<unknown[][]> => askQuestion(url, readKey, question);
  const askQueue = (): Promise<QueueStatus> =>
    askJson<QueueStatus>(`${url}/api/v1/events/queue/status`, { key: apiKey });

  return {
    url,
    apiKey,
    projectId,
    bootstrap: stack.kafka.bootstrap,
    broker,
    engine: stack.engine,
    server,
    processors: stack.processors,
    ask,
    async countRows() {
      const rows = await ask({ question: 'breakdown', by: 'event', limit: 1_000 });
      return rows.reduce((sum, [, count]) => sum + Number(count), 0);
    },
    askQueue,
    drain: () =>
      waitUntil('topic and spool are drained', drainTimeoutMs, async () => {
        const { depth, spooled } = await askQueue();
        return depth + spooled === 0;
      }),
    async close() {
      process.off('exit', abandon);
      await stack.close();
      rmSync(outputFolder, { recursive: true, force: true });
    },
  };
}
