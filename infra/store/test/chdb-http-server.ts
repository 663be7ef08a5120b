import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createChdbConnection } from 'chdb/connection';

/**
 * ClickHouse's HTTP interface over chdb, for tests: the real engine behind a real socket. Takes the
 * query in `?query=` or the body, `param_*` as parameters and `default_format`; prints its port once it
 * listens. Run as a process of its own: `node chdb-http-server.ts FOLDER [PORT [HOST]]`.
 */
const connection = createChdbConnection({ path: process.argv[2] ?? ':memory:' });
// Loads the engine before the first request.
await connection.ping({ select: true });

const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(new URL(request.url ?? '/', 'http://localhost'), toBytes(chunks, request.headers['content-encoding'])).then(
      ({ status, body, code }) => {
        if (code !== undefined) response.setHeader('X-ClickHouse-Exception-Code', code);
        response.writeHead(status).end(body);
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
});

function toBytes(chunks: Buffer[], encoding: string | undefined): Buffer {
  const bytes = Buffer.concat(chunks);
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes;
}

/** chdb takes the bytes of a binary format from a file alone: one a statement, in a folder that goes with the process. */
const files = mkdtempSync(join(tmpdir(), 'px-binary-'));
let filesWritten = 0;

/** Gives the statement, with the file that it reads, where there is one. */
function toStatement(inUrl: string | null, bytes: Buffer): { sql: string; file: string | null } {
  if (inUrl === null) return { sql: bytes.toString(), file: null };
  if (!inUrl.endsWith('FORMAT RowBinary')) return { sql: `${inUrl}\n${bytes.toString()}`, file: null };
  filesWritten += 1;
  const file = join(files, `rows-${filesWritten}`);
  writeFileSync(file, bytes);
  return { sql: inUrl.replace(' SETTINGS ', ` FROM INFILE '${file}' SETTINGS `), file };
}

async function answer(url: URL, body: Buffer): Promise<{ status: number; body: Buffer | string; code?: string }> {
  if (url.pathname === '/ping') return { status: 200, body: 'Ok.\n' };
  const { sql, file } = toStatement(url.searchParams.get('query'), body);
  try {
    return { status: 200, body: await execute(`${toParameters(url.searchParams)}${sql}${toFormat(url)}`) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '1002';
    return { status: 500, body: `Code: ${code}. DB::Exception: ${message} (TEST_SERVER)`, code };
  } finally {
    if (file !== null) rmSync(file);
  }
}

/** One statement at a time, and an answer thrown away after a failed one: see `src/one-at-a-time.ts`. */
let last: Promise<unknown> = Promise.resolve();
function execute(query: string): Promise<Buffer> {
  const result = last.then(() => read(query));
  last = result.catch(() => read('SELECT 1')).catch(() => undefined);
  return result;
}

async function read(query: string): Promise<Buffer> {
  const { stream } = await connection.exec({ query });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** HTTP parameters arrive in the very form in which `SET param_x` takes them. */
function toParameters(search: URLSearchParams): string {
  return [...search]
    .filter(([name]) => /^param_\w+$/.test(name))
    .map(([name, value]) => `SET ${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'; `)
    .join('');
}

function toFormat(url: URL): string {
  const format = url.searchParams.get('default_format');
  return format === null ? '' : ` FORMAT ${format}`;
}

server.listen(Number(process.argv[3] ?? 0), process.argv[4] ?? '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
process.on('SIGTERM', () => {
  server.close();
  connection.close().finally(() => process.exit(0));
});
process.on('exit', () => rmSync(files, { recursive: true, force: true }));
