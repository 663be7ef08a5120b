import { BlockList, isIPv6 } from 'node:net';
import { type Request, Router } from 'express';
import { createCheckAdmin } from '../auth/require-admin.ts';
import { sendProblem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { toAddress } from '../http/to-address.ts';

/** Of Prometheus' text format. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/** What the metrics route needs from outside. */
export interface MetricsDeps {
  readonly metricsText: () => Promise<string>;
  readonly adminToken: string;
}

/**
 * Mounts `GET /metrics`, Prometheus text: for loopback, private networks, or the admin token, else 403.
 * Both ends of the way must be private, the socket's and the one that a trusted proxy names: a public
 * visitor who comes through a proxy on this machine stays out.
 */
export function createMetricsRouter({ metricsText, adminToken }: MetricsDeps): Router {
  const checkAdmin = createCheckAdmin(adminToken);
  const router = Router();
  router
    .route('/metrics')
    .get(async (req, res) => {
      if (!isFromPrivate(req) && checkAdmin(req.get('authorization')) !== null) {
        return sendProblem(res, toProblem('not_private', 'Metrics are for private networks or the admin token.'));
      }
      const text = await metricsText();
      res.setHeader('Content-Type', metricsType);
      res.end(text);
    })
    .all(refuseMethod('GET'));
  return router;
}

function isFromPrivate(req: Request): boolean {
  return isPrivate(req.socket.remoteAddress) && isPrivate(req.ip);
}

/** Loopback, link-local and private networks. Source: RFC 6890. */
const privateNetworks = new BlockList();
privateNetworks.addSubnet('127.0.0.0', 8, 'ipv4');
privateNetworks.addSubnet('10.0.0.0', 8, 'ipv4');
privateNetworks.addSubnet('172.16.0.0', 12, 'ipv4');
privateNetworks.addSubnet('192.168.0.0', 16, 'ipv4');
privateNetworks.addSubnet('169.254.0.0', 16, 'ipv4');
privateNetworks.addAddress('::1', 'ipv6');
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addSubnet('fe80::', 10, 'ipv6');

function isPrivate(text: string | undefined): boolean {
  const address = toAddress(text);
  return address !== '' && privateNetworks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
