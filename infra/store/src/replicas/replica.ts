import type { Engine } from '../engine.ts';
import type { ReplicaIdentity } from './replica-identity.ts';

/** One server of several that stand for one store. */
export interface Replica {
  /** Host and port. */
  readonly name: string;
  readonly engine: Engine;
  /** Says who it is, or throws within a short time. */
  identify(): Promise<ReplicaIdentity>;
  close(): Promise<void>;
}

/** Hears which replica is used. Methods never throw. */
export interface ReplicaTelemetry {
  /** Statements go to `name` from now on; `from` is the one before, null at the start. */
  used(name: string, from: string | null): void;
  /** Nothing goes to it until it answers again. */
  left(name: string, error: unknown): void;
  returned(name: string): void;
}

/** How fast a fault is seen and a replica tried again. */
export interface ReplicaPace {
  /** A statement that takes longer has its server asked whether it is there, as often. */
  readonly probeAfterMs: number;
  /** How long it may take to say so. */
  readonly probeTimeoutMs: number;
  /** A replica that was left is asked after so long, and after twice that each time that it does not answer. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

/** One that hangs is seen within 10 s; one that is away is asked after 1 s, 2 s, ... and each minute in the end. */
export const replicaPace: ReplicaPace = {
  probeAfterMs: 5_000,
  probeTimeoutMs: 5_000,
  firstPauseMs: 1_000,
  maxPauseMs: 60_000,
};
