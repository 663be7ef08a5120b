import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A key and its certificate, as PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Certificates that clients show: of an authority that a broker trusts, of one that has expired, and of a stranger. */
export interface ClientCertificates {
  /** Path of the authority's certificate, as PEM. */
  readonly authority: string;
  readonly good: ClientCertificate;
  readonly expired: ClientCertificate;
  readonly stranger: ClientCertificate;
}

/** Makes them in this folder, by openssl. */
export async function makeClientCertificates(folder: string): Promise<ClientCertificates> {
  const at = (name: string) => join(folder, name);
  async function makeAuthority(name: string): Promise<void> {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    await run('openssl', ['req', '-x509', ...ellipticKey, ...files, '-days', '3', '-subj', `/CN=${name}`]);
  }
  /** Good for `days`; one of -1 days ended yesterday. */
  async function sign(name: string, authority: string, days: number): Promise<ClientCertificate> {
    const asked = ['-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)];
    await run('openssl', ['req', '-new', ...ellipticKey, ...asked, '-subj', '/CN=px-client']);
    const signer = ['-CA', at(`${authority}.pem`), '-CAkey', at(`${authority}.key`), '-CAcreateserial'];
    const signed = ['-in', at(`${name}.csr`), '-out', at(`${name}.pem`)];
    await run('openssl', ['x509', '-req', ...signer, ...signed, '-days', String(days)]);
    return { cert: readFileSync(at(`${name}.pem`), 'utf8'), key: readFileSync(at(`${name}.key`), 'utf8') };
  }
  await Promise.all([makeAuthority('authority'), makeAuthority('other-authority')]);
  return {
    authority: at('authority.pem'),
    good: await sign('client', 'authority', 2),
    expired: await sign('expired-client', 'authority', -1),
    stranger: await sign('stranger', 'other-authority', 2),
  };
}
