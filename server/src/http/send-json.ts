import type { Response } from 'express';

/**
 * Answers with a value as JSON. Skips express's `json`, which computes an ETag and parses the content
 * type for each answer; gives node a string, which it joins with the head and writes to the socket at once.
 */
export function sendJson(res: Response, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  res.end(body);
}
