import { problemStatus } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from './raw-client.ts';
import { readRequestCounts, toGrowth } from './request-counts.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ requestTimeoutMs: 150 });
});
afterAll(() => server.close());

const path = '/api/v1/events';
const body = JSON.stringify({ event: 'x', anonymous_id: 'a' });
const size = body.length;
const hex = size.toString(16);
const sized = `Content-Length: ${size}`;
const chunked = 'Transfer-Encoding: chunked';
const inChunks = `${hex}\r\n${body}\r\n0\r\n\r\n`;

/** A request to store an event, with these header lines beside the key. */
function post(lines: readonly string[], content: string, start = `POST ${path} HTTP/1.1`): string {
  return [start, 'Host: h', `X-API-Key: ${server.keys.srv}`, ...lines, '', content].join('\r\n');
}

/** Follows each shape: where its answer comes, as an answer of its own, the connection was kept and nothing of it was lost. */
const next = 'GET /health/live HTTP/1.1\r\nHost: h\r\nX-Request-ID: next\r\nConnection: close\r\n\r\n';

/** What a shape is answered with, in order: a problem's code, or the status where it is none; `next` where the connection was kept. */
type Outcome = keyof typeof problemStatus | 202 | 'next';
type Shape = [name: string, toBytes: () => string, outcomes: Outcome[]];

const refused: Outcome[] = ['invalid_body'];
const kept: Outcome[] = [202, 'next'];

/** Demands these answers, that as many events were stored, and that each answer was counted under its outcome. */
async function demand([, toBytes, outcomes]: Shape): Promise<void> {
  const before = await readRequestCounts(server.url);
  const answers = await sendRaw(server.port, toBytes() + next);
  const seen = answers
    .filter(({ status }) => status !== 100)
    .map(({ status, headers, body: text }) => {
      expect(headers['x-request-id']).toMatch(/^[\w-]+$/);
      if (headers['x-request-id'] === 'next') return 'next';
      if (status === 202) return status;
      const { error } = JSON.parse(text);
      expect(error).toMatchObject({ message: expect.any(String), request_id: headers['x-request-id'] });
      expect(status).toBe(problemStatus[error.code as keyof typeof problemStatus]);
      return error.code;
    });
  expect(seen).toEqual(outcomes);
  if (outcomes.at(-1) !== 'next') expect(answers.at(-1)?.headers['connection']).toBe('close');

  const records = await server.takeRecords();
  expect(records.flatMap(({ events }) => events)).toHaveLength(outcomes.filter((outcome) => outcome === 202).length);
  const expected: Record<string, number> = {};
  for (const outcome of outcomes) {
    if (outcome === 'next') continue;
    const key = outcome === 202 ? '202 ok' : `${problemStatus[outcome]} ${outcome}`;
    expected[key] = (expected[key] ?? 0) + 1;
  }
  // What came behind the last answer was not looked at.
  const grown = async () => ({ ...toGrowth(before, await readRequestCounts(server.url)), '0 aborted': undefined });
  await expect.poll(grown, { timeout: 20_000 }).toEqual(expected);
}

describe('a length that can be read in two ways', () => {
  it.each<Shape>([
    ['a length beside chunks', () => post([sized, chunked], inChunks), refused],
    ['chunks beside a length', () => post([chunked, sized], inChunks), refused],
    ['two equal lengths', () => post([sized, sized], body), refused],
    ['two lengths', () => post([sized, 'Content-Length: 5'], body), refused],
    ['a list of lengths', () => post([`${sized}, ${size}`], body), refused],
    ['a plus sign', () => post([`Content-Length: +${size}`], body), refused],
    ['a minus sign', () => post(['Content-Length: -1'], body), refused],
    ['hexadecimal', () => post([`Content-Length: 0x${hex}`], body), refused],
    ['a space inside', () => post(['Content-Length: 3 5'], body), refused],
    ['a fraction', () => post([`${sized}.0`], body), refused],
    ['nothing', () => post(['Content-Length:'], body), refused],
    ['more than 64 bits', () => post(['Content-Length: 18446744073709551616'], body), refused],
    ['the most of 64 bits', () => post(['Content-Length: 18446744073709551615'], body), ['body_too_large']],
    ['a space behind', () => post([`${sized} `], body), kept],
    ['zeros before', () => post([`Content-Length: 00${size}`], body), kept],
  ])('%s', (...shape) => demand(shape));
});

describe('a transfer coding', () => {
  it.each<Shape>([
    ['that is none', () => post(['Transfer-Encoding: xchunked'], inChunks), ['unsupported_encoding']],
    ['before chunked', () => post(['Transfer-Encoding: gzip, chunked'], inChunks), ['unsupported_encoding']],
    ['after chunked', () => post(['Transfer-Encoding: chunked, identity'], inChunks), refused],
    ['in a line after chunked', () => post([chunked, 'Transfer-Encoding: identity'], inChunks), refused],
    ['chunked in two lines', () => post([chunked, chunked], inChunks), refused],
    ['chunked twice in a line', () => post(['Transfer-Encoding: chunked, chunked'], inChunks), refused],
    ['in quotes', () => post(['Transfer-Encoding: "chunked"'], inChunks), ['unsupported_encoding']],
    ['with a parameter', () => post(['Transfer-Encoding: chunked;q=1'], inChunks), ['unsupported_encoding']],
    ['after a vertical tab', () => post(['Transfer-Encoding: \x0bchunked'], inChunks), refused],
    ['identity beside a length', () => post(['Transfer-Encoding: identity', sized], body), refused],
    ['left out beside a length', () => post(['Transfer-Encoding:', sized], body), refused],
    ['of HTTP/1.0', () => post([chunked], inChunks, `POST ${path} HTTP/1.0`), ['unsupported_encoding']],
    ['after a tab', () => post(['Transfer-Encoding:\tchunked'], inChunks), kept],
    ['in capitals', () => post(['TRANSFER-ENCODING: CHUNKED'], inChunks), kept],
  ])('%s', (...shape) => demand(shape));
});

describe('a header line', () => {
  it.each<Shape>([
    ['folded', () => post(['X-A: 1', ' folded', sized], body), refused],
    ['folded, of a length', () => post(['Content-Length:', ` ${size}`], body), refused],
    ['folded, of a coding', () => post(['Transfer-Encoding:', ' chunked'], inChunks), refused],
    ['with a space before the colon', () => post([`Content-Length : ${size}`], body), refused],
    ['with a space before the colon of a coding', () => post(['Transfer-Encoding : chunked', sized], body), refused],
    ['that begins with a space', () => post([], '').replace('Host', ' Host'), refused],
    ['that ends with LF alone', () => post([`X-A: 1\n${sized}`], body), refused],
    ['that holds a CR', () => post([`X-A: 1\r${chunked}`, sized], body), refused],
    ['that holds a NUL', () => post(['X-A: a\0b', sized], body), refused],
    ['with a NUL in its name', () => post(['X\0A: b', sized], body), refused],
    ['with a letter beyond ASCII in its name', () => post(['X\u00e9A: b', sized], body), refused],
    ['without a colon', () => post(['Nonsense', sized], body), refused],
    ['without a name', () => post([': x', sized], body), refused],
    ['of 16 KiB', () => post([`X-A: ${'a'.repeat(16_384)}`, sized], body), ['headers_too_large']],
    ['among 2,000', () => post([...Array(2_000).fill('a:'), sized], body), ['headers_too_large']],
    ['among 900', () => post([...Array(900).fill('a:'), sized], body), kept],
  ])('%s', (...shape) => demand(shape));

  it('that ends with LF alone, as all others do', async () => {
    await demand(['', () => post([sized], body).replaceAll('\r\n', '\n'), refused]);
  });
});

describe('chunks', () => {
  it.each<Shape>([
    ['over 64 bits', () => post([chunked], `FFFFFFFFFFFFFFFFF\r\n${body}\r\n0\r\n\r\n`), refused],
    ['of the most of 64 bits', () => post([chunked], `FFFFFFFFFFFFFFFF\r\n${body}\r\n`), ['request_timeout']],
    ['below nothing', () => post([chunked], `-1\r\n${body}\r\n0\r\n\r\n`), refused],
    ['with 0x', () => post([chunked], `0x${hex}\r\n${body}\r\n0\r\n\r\n`), refused],
    ['with a space behind the size', () => post([chunked], `${hex} \r\n${body}\r\n0\r\n\r\n`), refused],
    ['with LF behind an extension', () => post([chunked], `${hex};a\n${body}\r\n0\r\n\r\n`), refused],
    ['with CR in an extension', () => post([chunked], `${hex};a\rb\r\n${body}\r\n0\r\n\r\n`), refused],
    ['with an extension of 20 kB', () => post([chunked], `${hex};${'a'.repeat(20_000)}\r\n`), refused],
    ['with LF for line ends', () => post([chunked], `${hex}\n${body}\n0\n\n`), refused],
    ['longer than they say', () => post([chunked], `5\r\n${body}\r\n0\r\n\r\n`), refused],
    ['that end with LF alone', () => post([chunked], `${hex}\r\n${body}\n0\r\n\r\n`), refused],
    ['without a size', () => post([chunked], `\r\n${body}\r\n0\r\n\r\n`), refused],
    ['with a length behind them', () => post([chunked], `${hex}\r\n${body}\r\n0\r\n${sized}\r\n\r\n`), refused],
    ['with a key behind them', () => post([chunked], `${hex}\r\n${body}\r\n0\r\nX-API-Key: x\r\n\r\n`), kept],
    ['with an extension', () => post([chunked], `${hex};a=b\r\n${body}\r\n0\r\n\r\n`), kept],
  ])('%s', (...shape) => demand(shape));
});

describe('what comes behind a request', () => {
  it.each<Shape>([
    ['another request', () => post([sized], body), kept],
    ['ten others', () => post([sized], body).repeat(10), [...Array<Outcome>(10).fill(202), 'next']],
    ['line ends', () => `${post([sized], body)}\r\n\r\n`, kept],
    // The answer to what was stored leaves first: a 400 in its place would have it sent again.
    ['no request', () => `${post([sized], body)}GARBAGE\r\n\r\n`, [202, 'invalid_body']],
    [
      'the rest of a body that is longer than it says',
      () => post([`Content-Length: ${size - 3}`], body),
      ['invalid_json', 'invalid_body'],
    ],
    ['a body that is not announced', () => post([], body), ['invalid_json', 'invalid_body']],
    ['a request where a body of none was announced', () => post(['Content-Length: 0'], ''), ['invalid_json', 'next']],
  ])('%s', (...shape) => demand(shape));

  it.each<Shape>([
    [
      'a path that there is not',
      () => post([`Content-Length: ${next.length}`], next, 'POST /no HTTP/1.1'),
      ['not_found', 'next'],
    ],
    [
      'a method that is not taken',
      () => post([`Content-Length: ${next.length}`], next, `PUT ${path} HTTP/1.1`),
      ['method_not_allowed', 'next'],
    ],
    [
      'an admin path without a token',
      () => post([`Content-Length: ${next.length}`], next, 'POST /admin/v1/tenants HTTP/1.1'),
      ['missing_key', 'next'],
    ],
  ])('a request in the body of a request to %s is not one', (...shape) => demand(shape));

  it('is not waited for where the body of an answered request does not come', async () => {
    const answers = await sendRaw(
      server.port,
      post(['Content-Length: 20', 'Connection: close'], '', 'POST /no HTTP/1.1'),
    );
    expect(answers.map(({ status }) => status)).toEqual([404]);
  });
});

describe('a request line', () => {
  const get = (target: string, version = 'HTTP/1.1') => `GET ${target} ${version}\r\nHost: h\r\n\r\n`;

  it.each<Shape>([
    ['of HTTP/1.0', () => post([sized], body, `POST ${path} HTTP/1.0`), [202]],
    ['of HTTP/1.0, kept alive', () => post([sized, 'Connection: keep-alive'], body, `POST ${path} HTTP/1.0`), kept],
    ['of HTTP/0.9', () => 'GET /health/live\r\n\r\n', ['invalid_parameter']],
    ['of HTTP/1.2', () => get('/health/live', 'HTTP/1.2'), refused],
    ['of HTTP/2', () => post([sized], body, `POST ${path} HTTP/2.0`), ['invalid_parameter']],
    ['that opens HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', refused],
    ['that is TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', refused],
    ['with a whole address', () => post([sized], body, `POST http://h${path} HTTP/1.1`), kept],
    ['with an asterisk', () => 'OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n', ['not_found', 'next']],
    ['with a host alone', () => get('h:80'), refused],
    ['with two slashes', () => post([sized], body, `POST /${path} HTTP/1.1`), ['not_found', 'next']],
    ['with a way back', () => post([sized], body, `POST /x/..${path} HTTP/1.1`), ['not_found', 'next']],
    ['with a space in its path', () => get('/health live'), refused],
    ['of 16 KiB', () => get(`/?${'a'.repeat(16_384)}`), ['headers_too_large']],
    ['behind empty lines', () => `\r\n\r\n${post([sized], body)}`, kept],
    ['with an unknown method', () => post([sized], body, `BREW ${path} HTTP/1.1`), refused],
    ['with a method in small letters', () => post([sized], body, `post ${path} HTTP/1.1`), refused],
    ['of TRACE', () => post([], '', `TRACE ${path} HTTP/1.1`), ['method_not_allowed', 'next']],
    ['of CONNECT', () => 'CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n', ['method_not_allowed']],
  ])('%s', (...shape) => demand(shape));
});

describe('a head', () => {
  const upgrade = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'];

  it.each<Shape>([
    ['without a host', () => post([sized], body).replace('Host: h\r\n', ''), ['invalid_parameter']],
    [
      'without a host, of HTTP/1.0',
      () => post([sized], body, `POST ${path} HTTP/1.0`).replace('Host: h\r\n', ''),
      [202],
    ],
    ['with two hosts', () => post(['Host: evil', sized], body), ['invalid_parameter']],
    ['with the same host twice', () => post(['Host: h', sized], body), ['invalid_parameter']],
    ['with an empty host', () => post([sized], body).replace('Host: h', 'Host:'), kept],
    ['that offers HTTP/2', () => post([...upgrade, sized], body), [202]],
    ['that offers a WebSocket', () => post(['Connection: Upgrade', 'Upgrade: websocket', sized], body), [202]],
    ['that waits to go on', () => post(['Expect: 100-continue', sized], body), kept],
    ['that expects what is not known', () => post(['Expect: 200-maybe', sized], body), kept],
  ])('%s', (...shape) => demand(shape));
});
