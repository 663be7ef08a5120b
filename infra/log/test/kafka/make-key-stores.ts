import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { storePassword } from './passwords.ts';

const run = promisify(execFile);

/** Of a broker that shows a certificate: its store, and the certificate as PEM, which is its own authority. */
export interface KeyStore {
  readonly path: string;
  readonly certificate: string;
}

/** Makes a key and a certificate of 127.0.0.1, good for `days` from `startAt` (as keytool writes it: `-5d`), with Java's keytool. */
export async function makeKeyStore(folder: string, name: string, startAt: string, days: number): Promise<KeyStore> {
  const path = join(folder, `${name}.p12`);
  const store = ['-keystore', path, '-storetype', 'PKCS12', '-storepass', storePassword, '-alias', name];
  await run('keytool', [
    ...['-genkeypair', ...store, '-keyalg', 'EC', '-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1'],
    ...['-ext', 'bc=ca:true', '-startdate', startAt, '-validity', String(days)],
  ]);
  const file = join(folder, `${name}.pem`);
  await run('keytool', ['-exportcert', ...store, '-rfc', '-file', file]);
  return { path, certificate: readFileSync(file, 'utf8') };
}
