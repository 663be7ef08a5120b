import type { ChaosResult } from './run-chaos.ts';

/** What is wrong, a line each with the first ids; empty where nothing is lost, doubled, altered or out of order. */
export function findChaosFaults({ findings, disordered }: ChaosResult): string[] {
  const lists = {
    'acknowledged and not stored': findings.lost,
    'stored more than once': findings.doubled,
    'stored from a later sending than the acknowledged one': findings.replaced,
    'stored and never sent': findings.neverSent,
    'stored with another content': findings.altered,
    'persons out of order': disordered,
  };
  return Object.entries(lists)
    .filter(([, ids]) => ids.length > 0)
    .map(([what, ids]) => `${ids.length} ${what}: ${ids.slice(0, 10).join(', ')}`);
}

/** Gives the text of the second part of `docs/reliability.md`. */
export function toChaosReport(options: {
  readonly result: ChaosResult;
  readonly faults: readonly string[];
  readonly command: string;
  readonly date: Date;
}): string {
  const { result, faults, command, date } = options;
  const { findings, tally, disordered } = result;
  const kinds = Map.groupBy(result.faults, ({ part, how }) => `${part}, ${how}`);
  const rows: readonly (readonly [string, number])[] = [
    ['events acknowledged (202)', tally.acknowledged.size],
    ['rows stored', findings.rows],
    ['acknowledged and not stored (loss)', findings.lost.length],
    ['stored more than once', findings.doubled.length],
    ['stored from a later sending than the acknowledged one', findings.replaced.length],
    ['stored and never sent, or with another content', findings.neverSent.length + findings.altered.length],
    ['stored once, though no client was told', findings.storedUnacknowledged],
    ['persons whose rows are out of order', disordered.length],
    ['requests', tally.requests],
    ['of these sendings again', tally.resends],
    ['of these answered by nobody', tally.unanswered.length],
    ['of these told to wait or send again (408, 429, 5xx)', tally.putOff],
  ];
  return `# Reliability of the whole stack

Made by \`${command} --write\` on ${date.toISOString().slice(0, 10)}. Two servers, three processors, three brokers of Kafka, Redis, Postgres
and the engine behind ClickHouse's HTTP interface, each a process of its own on one machine; 40 clients send batches of 5 events through both servers, and
send again what was not answered. One part after another is killed (SIGKILL) and started again, frozen (SIGSTOP) and woken, or cut off:
its packets vanish, and nobody is refused anything ([adr/0035](adr/0035-cut-off-by-namespaces.md)). A processor and a server are cut off from the brokers alone, and go on. Of a mute part only the
answers vanish; of a processor and a server it is those of the brokers. Brokers that are rolled end by SIGTERM, one after another, each once the one before is in sync again on all its partitions.

**${result.faults.length} faults over ${tally.acknowledged.size.toLocaleString('en')} events: loss ${findings.lost.length}, duplicates ${findings.doubled.length + findings.replaced.length}, out of order ${disordered.length}.**${faults.map((fault) => `\n\n- FAULT: ${fault}`).join('')}

| | count |
|---|---:|
${rows.map(([what, count]) => `| ${what} | ${count.toLocaleString('en')} |`).join('\n')}

| what was done | times | away at most |
|---|---:|---:|
${[...kinds]
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(
    ([kind, all]) =>
      `| ${kind} | ${all.length} | ${(Math.max(...all.map(({ awayMs }) => awayMs)) / 1_000).toFixed(1)} s |`,
  )
  .join('\n')}
`;
}
