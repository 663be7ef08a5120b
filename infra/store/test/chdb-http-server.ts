import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnections } from './open-connections.ts';
import { unpackBody } from './unpack-body.ts';

/**
 * ClickHouse's HTTP interface over chdb, for tests: the real engine behind a real socket. Takes the
 * query in `?query=` or the body, `param_*` as parameters and `default_format`; prints its port once it
 * listens. Run as a process of its own: `node chdb-http-server.ts FOLDER [PORT [HOST]]`.
 */
const [, , path = '', port = '0', host = '127.0.0.1'] = process.argv;
const connections = await openConnections(path);

const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    answer(url, unpackBody(Buffer.concat(chunks), request.headers['content-encoding'])).then(
      ({ status, body, code }) => {
        if (code !== undefined) response.setHeader('X-ClickHouse-Exception-Code', code);
        response.writeHead(status).end(body);
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
});

/** chdb takes the bytes of a binary format from a file alone: one a statement, in a folder that goes with the process. */
const files = mkdtempSync(join(tmpdir(), 'px-binary-'));
let filesWritten = 0;

/** Gives the statement, with the file that it reads, where there is one. */
async function toStatement(inUrl: string | null, bytes: Buffer): Promise<{ sql: string; file: string | null }> {
  if (inUrl === null) return { sql: bytes.toString(), file: null };
  if (!inUrl.endsWith('FORMAT RowBinary')) return { sql: `${inUrl}\n${bytes.toString()}`, file: null };
  filesWritten += 1;
  const file = join(files, `rows-${filesWritten}`);
  await writeFile(file, bytes);
  return { sql: inUrl.replace(' SETTINGS ', ` FROM INFILE '${file}' SETTINGS `), file };
}

async function answer(url: URL, bytes: Buffer): Promise<{ status: number; body: Buffer | string; code?: string }> {
  if (url.pathname === '/ping') return { status: 200, body: 'Ok.\n' };
  const { sql, file } = await toStatement(url.searchParams.get('query'), bytes);
  try {
    return { status: 200, body: await connections.execute(`${toParameters(url.searchParams)}${sql}${toFormat(url)}`) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '1002';
    return { status: 500, body: `Code: ${code}. DB::Exception: ${message} (TEST_SERVER)`, code };
  } finally {
    if (file !== null) await rm(file);
  }
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

server.listen(Number(port), host, () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
process.on('SIGTERM', () => {
  server.close();
  connections.close().finally(() => process.exit(0));
});
process.on('exit', () => rmSync(files, { recursive: true, force: true }));
