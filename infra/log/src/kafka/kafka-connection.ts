/** How brokers are reached. */
export interface KafkaConnection {
  /** `host:port` of each. */
  readonly brokers: readonly string[];
  readonly sasl: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  } | null;
  /** Certificates as PEM; those of the machine are trusted where `ca` is not given. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | null;
  /** A request that takes longer has failed. */
  readonly timeoutMs: number;
}
