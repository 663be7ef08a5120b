import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { type Problem, sendProblem, toProblem } from '../http/problem.ts';

/** Checks an `Authorization` header for the admin token, in a time that says nothing of it; null where it bears it. */
export type CheckAdmin = (authorization: string | undefined) => Problem | null;

/** Builds the check; digests are compared, since texts of different lengths can't be in constant time. */
export function createCheckAdmin(adminToken: string): CheckAdmin {
  const expected = toDigest(adminToken);
  return (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) return toProblem('missing_key', 'Send the admin token as Authorization: Bearer.');
    if (timingSafeEqual(toDigest(given), expected)) return null;
    return toProblem('invalid_token', 'This is not the admin token of this server.');
  };
}

/** Lets only requests with the admin token through. */
export function requireAdmin(checkAdmin: CheckAdmin): RequestHandler {
  return (req, res, next) => {
    const refused = checkAdmin(req.get('authorization'));
    if (refused === null) next();
    else sendProblem(res, refused);
  };
}

function toDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
