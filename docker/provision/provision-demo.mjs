// Makes the demo's tenant, project and key on the server of PX_URL with PX_ADMIN_TOKEN, by the command that people use,
// and prints what a page needs. What exists is given again, so that it may run at each start. Ends with 1 where refused.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../server/src/provision/main.ts', import.meta.url));

provision('tenant', 'create', 'demo', '--tier', 'enterprise');
const { project_id: projectId } = provision('project', 'create', 'demo', '--tenant', 'demo');
const { key, key_id: keyId } = provision('key', 'create', '--project', projectId, '--kind', 'pub', '--name', 'demo');

console.log(`Project     ${projectId}`);
console.log(
  key === undefined
    ? `Key         made before, shown once: \`key rotate ${keyId}\` gives a new one`
    : `Key         ${key}   (keep it now: it is shown this once)`,
);

/** Gives the command's answer; ends this process where it was refused, with the reason that it has printed. */
function provision(...args) {
  const { status, stdout } = spawnSync(process.execPath, [command, ...args, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  return JSON.parse(stdout);
}
