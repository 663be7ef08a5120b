import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import { type Problem, sendProblem, toProblem } from './problem.ts';

/** Connections that are closed after an answer of ours: node gives what came with that request as requests all the same. */
const closing = new WeakSet<Duplex>();

/**
 * Refuses what node's parser lets through and a proxy in front may read in another way: a version that is not spoken, none
 * or several of `Host`, a transfer coding that is not undone. The connection is closed, and what comes behind such a
 * request is not looked at: where it begins is not certain. Source: RFC 9112, 3.2 and 6.1.
 */
export const refuseOddHead: RequestHandler = (req, res, next) => {
  if (closing.has(req.socket)) return;
  const problem = findOdd(req);
  // An upgrade is passed over, but node loses the bytes that came in one piece with it: the next request among them.
  if (problem !== null || req.headers.upgrade !== undefined) {
    res.setHeader('Connection', 'close');
    closing.add(req.socket);
  }
  if (problem === null) next();
  else sendProblem(res, problem);
};

function findOdd({ httpVersion, headers }: IncomingMessage): Problem | null {
  const isOld = httpVersion === '1.0';
  if (!isOld && httpVersion !== '1.1') return badVersion;
  const { host } = headers;
  // A header that came twice is one with a comma.
  if (host === undefined ? !isOld : host.includes(',')) return badHost;
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return null;
  return isOld || coding.toLowerCase() !== 'chunked' ? badCoding : null;
}

const badVersion = toProblem('invalid_parameter', 'Only HTTP/1.1 and HTTP/1.0 are spoken here.');
const badHost = toProblem('invalid_parameter', 'A request of HTTP/1.1 names its Host once.');
const badCoding = toProblem('unsupported_encoding', 'The one Transfer-Encoding that is taken is chunked, of HTTP/1.1.');
