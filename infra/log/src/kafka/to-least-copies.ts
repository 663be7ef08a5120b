/** Gives how many brokers must have a record before it is acknowledged: with three copies two, so that one broker may be lost, or away. */
export function toLeastCopies(replicationFactor: number): number {
  return Math.max(1, replicationFactor - 1);
}
