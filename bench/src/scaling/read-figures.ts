/** What was measured, of which sizes are worked out; CPU in µs, rates as events. Each stands in docs/benchmarks.md. */
export interface ScaleFigures {
  /** Whole chain, a request of one event and one of ten, until they are rows. */
  readonly requestCpuUs: { readonly ofOne: number; readonly ofTen: number };
  /** Of a processor of its own, an event from Kafka to its row: client, stages, rows as they travel, commits. */
  readonly processorCpuUs: number;
  /** What storing an event adds to making its row, in batches of 1,000 and of 10,000. */
  readonly storeCpuUs: BySize;
  readonly eventsARecord: number;
  readonly recordBytesAnEvent: number;
  /** Merged, on the disk of one replica: in `events`, and in `sessions`. */
  readonly eventBytes: number;
  readonly sessionBytes: number;
  /** A row as it travels to the store: its columns, not compressed. */
  readonly rowBytes: number;
  /** Of a body, gzipped by the SDK. */
  readonly bodyBytes: number;
}

interface BySize {
  readonly ofThousand: number;
  readonly ofTenThousand: number;
}

/** Reads the figures of the document's last measurements. Throws an Error that names the table and the row where one is not there. */
export function readFigures(text: string): ScaleFigures {
  const stored = 'From log to row, and to the store';
  const disk = 'Bytes of an event on the disk';
  const small = readRow(text, stored, '100,004');
  const large = readRow(text, stored, '1,000,010');
  return {
    requestCpuUs: {
      ofOne: toNumber(readRow(text, 'Durable ingest', '1')[12]),
      ofTen: toNumber(readRow(text, 'Durable ingest', '10')[12]),
    },
    processorCpuUs: toNumber(readRow(text, 'From Kafka to rows', 'Kafka, one processor')[3]),
    storeCpuUs: {
      ofThousand: perEvent(small, 5) - perEvent(small, 3),
      ofTenThousand: perEvent(large, 5) - perEvent(large, 3),
    },
    eventsARecord: toNumber(/([\d.]+) a record/.exec(readSection(text, stored))?.[1]),
    recordBytesAnEvent: toNumber(/([\d.]+) bytes of JSON an event/.exec(readSection(text, stored))?.[1]),
    eventBytes: toNumber(/OPTIMIZE TABLE events FINAL`: ([\d.]+) bytes/.exec(readSection(text, disk))?.[1]),
    sessionBytes: toNumber(readRow(text, 'What generated events take', '9,834,431')[2]),
    rowBytes: readRows(text, disk).reduce((sum, row) => sum + toNumber(row[3]), 0),
    bodyBytes: toNumber(
      readRow(text, 'What an event weighs on the line', 'over pages of an app, three clicks each')[4],
    ),
  };
}

/** The first section of the title: where a table stands twice in the document, the newer comes first. */
function readSection(text: string, title: string): string {
  const found = text.split(/\n(?=## )/).find((section) => section.startsWith(`## ${title}\n`));
  if (found === undefined) throw new Error(`docs/benchmarks.md has no table "${title}"`);
  return found;
}

function readRows(text: string, title: string): string[][] {
  const lines = readSection(text, title).split('\n');
  const rows = lines.filter((line) => line.startsWith('| ')).slice(1);
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function readRow(text: string, title: string, first: string): string[] {
  const row = readRows(text, title).find(([cell = '']) => cell === first || cell.startsWith(`${first} `));
  if (row === undefined) throw new Error(`The table "${title}" of docs/benchmarks.md has no row "${first}"`);
  return row;
}

function perEvent(row: readonly string[], column: number): number {
  return 1_000_000 / toNumber(row[column]);
}

/** Of `min / median` the median. */
function toNumber(cell: string | undefined): number {
  const value = Number((cell ?? '').split(' / ').at(-1)?.replaceAll(',', '') || Number.NaN);
  if (Number.isNaN(value)) throw new Error(`docs/benchmarks.md has "${cell}" where a number should stand`);
  return value;
}
