import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { answerParent } from './answer-parent.ts';

// The limit of ingest: a bare node:http server that reads, inflates and parses the same bytes, and nothing else.
const answer = JSON.stringify({ accepted: true });
const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const sent = Buffer.concat(chunks);
    const bytes = req.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    res.writeHead(parsed === null ? 400 : 202, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(answer),
    });
    res.end(answer);
  });
});
const listening = new Promise<AddressInfo>((resolve, reject) => {
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') resolve(address);
  });
});

answerParent(async () => ({ port: (await listening).port }));
