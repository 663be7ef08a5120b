import { kafkaPassword, storePassword } from './passwords.ts';

/** The address of one broker, and its ports by what is spoken there. */
export interface BrokerPorts {
  readonly host: string;
  readonly plain: number;
  readonly controller: number;
  readonly internal: number;
  readonly sasl: number;
  readonly tls: number;
  readonly saslTls: number;
  /** TLS with a certificate that has expired. */
  readonly expired: number;
  /** TLS that asks clients for a certificate. */
  readonly mutual: number;
}

/** Addresses of the listeners that ask for a password or show a certificate. */
export interface Security {
  readonly sasl: string;
  readonly tls: string;
  readonly saslTls: string;
  readonly expired: string;
  readonly mutual: string;
}

/** Paths of what a broker shows, and of the authority (PEM) whose clients it trusts. */
export interface BrokerStores {
  readonly good: string;
  readonly expired: string;
  readonly clients: string;
}

/** Gives the text of a broker's `server.properties`. */
export function toBrokerProperties(options: {
  readonly node: number;
  readonly ports: readonly BrokerPorts[];
  readonly folder: string;
  /** Null where it has the plain listeners alone. */
  readonly stores: BrokerStores | null;
}): string {
  const { node, ports, folder, stores } = options;
  const own = ports[node];
  if (own === undefined) throw new RangeError(`There is no broker ${node}.`);
  const copies = Math.min(3, ports.length);
  const listeners: [name: string, port: number, protocol: string][] = [
    ['PLAIN', own.plain, 'PLAINTEXT'],
    ['INTERNAL', own.internal, 'PLAINTEXT'],
  ];
  if (stores !== null) {
    listeners.push(['SASL', own.sasl, 'SASL_PLAINTEXT'], ['TLS', own.tls, 'SSL']);
    listeners.push(
      ['SASLTLS', own.saslTls, 'SASL_SSL'],
      ['EXPIRED', own.expired, 'SSL'],
      ['MUTUAL', own.mutual, 'SSL'],
    );
  }
  const toList = (named: typeof listeners) => named.map(([name, port]) => `${name}://${own.host}:${port}`).join(',');
  const lines = [
    'process.roles=broker,controller',
    `node.id=${node}`,
    `controller.quorum.voters=${ports.map(({ host, controller }, id) => `${id}@${host}:${controller}`).join(',')}`,
    `listeners=${toList([...listeners, ['CONTROLLER', own.controller, 'PLAINTEXT']])}`,
    `advertised.listeners=${toList(listeners)}`,
    `listener.security.protocol.map=CONTROLLER:PLAINTEXT,${listeners.map(([name, , protocol]) => `${name}:${protocol}`).join(',')}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=INTERNAL',
    `log.dirs=${folder}/data`,
    `offsets.topic.replication.factor=${copies}`,
    'offsets.topic.num.partitions=4',
    `transaction.state.log.replication.factor=${copies}`,
    `transaction.state.log.min.isr=${Math.max(1, copies - 1)}`,
    'transaction.state.log.num.partitions=4',
    `share.coordinator.state.topic.replication.factor=${copies}`,
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
    // A member or a broker that was killed is noticed within the time of a test.
    'group.min.session.timeout.ms=1000',
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    'controller.quorum.election.timeout.ms=500',
    'controlled.shutdown.max.retries=1',
    'num.network.threads=1',
    'num.io.threads=2',
    'log.cleaner.dedupe.buffer.size=2097152',
    ...(stores === null ? [] : toSecurityLines(stores)),
  ];
  return `${lines.join('\n')}\n`;
}

function toSecurityLines({ good, expired, clients }: BrokerStores): string[] {
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required user_px="${kafkaPassword}" user_limited="${kafkaPassword}";`;
  return [
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users=User:ANONYMOUS;User:px;User:CN=px-client',
    ...['tls', 'sasltls', 'expired', 'mutual'].flatMap((name) => [
      `listener.name.${name}.ssl.keystore.type=PKCS12`,
      `listener.name.${name}.ssl.keystore.location=${name === 'expired' ? expired : good}`,
      `listener.name.${name}.ssl.keystore.password=${storePassword}`,
      `listener.name.${name}.ssl.key.password=${storePassword}`,
    ]),
    'listener.name.mutual.ssl.client.auth=required',
    'listener.name.mutual.ssl.truststore.type=PEM',
    `listener.name.mutual.ssl.truststore.location=${clients}`,
    ...['sasl', 'sasltls'].flatMap((name) => [
      `listener.name.${name}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512`,
      `listener.name.${name}.plain.sasl.jaas.config=${plain}`,
      `listener.name.${name}.scram-sha-256.sasl.jaas.config=${scram}`,
      `listener.name.${name}.scram-sha-512.sasl.jaas.config=${scram}`,
    ]),
  ];
}
