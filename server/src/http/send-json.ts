import type { Response } from 'express';

/**
 * Answers with a value as JSON. Writes it in one piece and skips express's `json`, which computes an
 * ETag and parses the content type for each answer: nobody asks twice for these.
 */
export function sendJson(res: Response, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length });
  res.end(body);
}
