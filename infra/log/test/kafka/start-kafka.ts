import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePorts } from '../../../runtime/test/find-free-ports.ts';
import { type BrokerPorts, type BrokerStores, type Security, toBrokerProperties } from './broker-properties.ts';
import { countBrokers } from './count-brokers.ts';
import { findKafkaJars } from './find-kafka-jars.ts';
import { type ClientCertificates, makeClientCertificates } from './make-client-certificates.ts';
import { type KeyStore, makeKeyStore } from './make-key-stores.ts';
import { kafkaPassword } from './passwords.ts';

const run = promisify(execFile);
const startTimeoutMs = 60_000;
/** Starts in half the time, and stays small. */
const javaOptions = ['-Xmx256m', '-Xms64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** One broker of a cluster, a process of its own. */
export interface KafkaBroker {
  /** `host:port` of its listener without password and TLS. */
  readonly address: string;
  /** Ends it as a power cut would; `start` brings it back on the same ports, with what it had written. */
  kill(): Promise<void>;
  /** Asks it to end, and waits until it has: it gives its partitions to others first. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Keeps it from answering, with its connections open. */
  freeze(): void;
  thaw(): void;
}

/** Where a broker runs, where it is not on loopback. */
export interface BrokerPlace {
  readonly host: string;
  /** A command that becomes the broker, and puts it there. */
  readonly launch: readonly string[];
}

const loopback: BrokerPlace = { host: '127.0.0.1', launch: [] };

/** A real Apache Kafka on loopback: brokers that are controllers as well (KRaft). */
export interface KafkaCluster {
  /** Addresses by comma, as KAFKA_BOOTSTRAP_SERVERS takes them. */
  readonly bootstrap: string;
  /** The listeners with SASL and TLS; null where the cluster was started without. */
  readonly security:
    | (Security & {
        readonly certificate: string;
        readonly expiredCertificate: string;
        readonly clients: ClientCertificates;
      })
    | null;
  readonly brokers: readonly KafkaBroker[];
  close(): Promise<void>;
}

/**
 * Starts one broker or three, each at its place of `places`. `isSecured` opens listeners with SASL and TLS beside the plain one. Throws
 * an error that names what to install where Java or Kafka is missing.
 */
export async function startKafka(
  options: { readonly brokers?: 1 | 3; readonly isSecured?: boolean; readonly places?: readonly BrokerPlace[] } = {},
): Promise<KafkaCluster> {
  const jars = await findKafkaJars();
  const dir = mkdtempSync(join(tmpdir(), 'px-kafka-'));
  const count = options.brokers ?? 1;
  const free = await findFreePorts(count * 8);
  const places = Array.from({ length: count }, (_, node) => options.places?.[node] ?? loopback);
  const ports = places.map(({ host }, node) => toPorts(host, free.slice(node * 8, node * 8 + 8)));
  const stores = options.isSecured
    ? await Promise.all([makeKeyStore(dir, 'good', '-1d', 3), makeKeyStore(dir, 'expired', '-9d', 3)])
    : null;
  const clients = options.isSecured ? await makeClientCertificates(dir) : null;
  const addresses = ports.map(({ host, plain }) => `${host}:${plain}`);
  const java = (...args: string[]) => [...javaOptions, '-cp', join(jars, '*'), ...args];

  async function format(node: number): Promise<string> {
    const folder = join(dir, `broker-${node}`);
    mkdirSync(folder);
    const properties = join(folder, 'server.properties');
    writeFileSync(properties, toBrokerProperties({ node, ports, folder, stores: toStores(stores, clients) }));
    const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) =>
      ['px', 'limited'].flatMap((name) => ['--add-scram', `${mechanism}=[name=${name},password=${kafkaPassword}]`]),
    );
    const args = ['kafka.tools.StorageTool', 'format', '-t', 'cHgta2Fma2EtdGVzdHMtMQ', '-c', properties];
    try {
      await run('java', java(...args, ...(stores === null ? [] : scram)));
    } catch (cause) {
      throw new Error('Kafka could not be made ready: run `apt-get install -y openjdk-17-jre-headless`.', { cause });
    }
    return properties;
  }

  function toBroker(properties: string, node: number): KafkaBroker {
    const said = join(dir, `broker-${node}.said`);
    let child: ChildProcess | null = null;
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      const ended = child;
      child = null;
      if (ended === null || ended.exitCode !== null || ended.signalCode !== null) return;
      const exited = new Promise((resolve) => ended.once('exit', resolve));
      ended.kill(signal);
      await exited;
    };
    const address = addresses[node] ?? '';
    return {
      address,
      async start() {
        const words = [...(places[node] ?? loopback).launch, 'java', ...java('kafka.Kafka', properties)];
        const [command = '', ...args] = words;
        const started = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: dir });
        child = started;
        const lines = createWriteStream(said, { flags: 'a' });
        started.stdout.pipe(lines);
        started.stderr.pipe(lines);
        const deadline = Date.now() + startTimeoutMs;
        while ((await countBrokers(address)) === 0) {
          if (started.exitCode !== null || Date.now() > deadline) {
            throw new Error(`A Kafka broker did not start: ${readFileSync(said, 'utf8').slice(-4_000)}`);
          }
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
      kill: () => end('SIGKILL'),
      stop: () => end('SIGTERM'),
      freeze: () => void child?.kill('SIGSTOP'),
      thaw: () => void child?.kill('SIGCONT'),
    };
  }

  const brokers: KafkaBroker[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.kill()));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const properties = await Promise.all(ports.map((_, node) => format(node)));
    brokers.push(...properties.map(toBroker));
    await Promise.all(brokers.map((broker) => broker.start()));
    for (const address of addresses) await untilWhole(address, count);
  } catch (error) {
    await close();
    throw error;
  }
  const [first] = ports;
  return {
    bootstrap: addresses.join(','),
    brokers,
    security:
      stores === null || clients === null || first === undefined
        ? null
        : {
            ...toSecurity(first),
            clients,
            certificate: stores[0].certificate,
            expiredCertificate: stores[1].certificate,
          },
    close,
  };
}

function toStores(stores: [KeyStore, KeyStore] | null, clients: ClientCertificates | null): BrokerStores | null {
  if (stores === null || clients === null) return null;
  const [good, expired] = stores;
  return { good: good.path, expired: expired.path, clients: clients.authority };
}

async function untilWhole(address: string, count: number): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while ((await countBrokers(address)) < count) {
    if (Date.now() > deadline) throw new Error(`The brokers did not find each other within ${startTimeoutMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function toPorts(host: string, free: readonly number[]): BrokerPorts {
  const [plain = 0, controller = 0, internal = 0, sasl = 0, tls = 0, saslTls = 0, expired = 0, mutual = 0] = free;
  return { host, plain, controller, internal, sasl, tls, saslTls, expired, mutual };
}

function toSecurity({ host, sasl, tls, saslTls, expired, mutual }: BrokerPorts): Security {
  const at = (port: number) => `${host}:${port}`;
  return { sasl: at(sasl), tls: at(tls), saslTls: at(saslTls), expired: at(expired), mutual: at(mutual) };
}
