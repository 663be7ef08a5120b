import { spawn } from 'node:child_process';
import { findFreePort } from '../../../infra/runtime/test/find-free-port.ts';

import type { AppUnderTest, Tag } from '../app-under-test.ts';
import { runCommand } from './run-command.ts';

const answersWithinMs = 60_000;

/** An app as its visitors find it. */
export interface ServedApp {
  readonly url: string;
  close(): Promise<void>;
}

/** Pastes the tag into an installed app, builds it, serves it by its starter's own server, and waits until it answers. */
export async function serveApp(app: AppUnderTest, folder: string, tag: Tag): Promise<ServedApp> {
  app.fill?.(folder);
  app.pasteTag(folder, tag);
  if (app.build) {
    const command = ['npx', '--no-install', ...app.build] as const;
    await runCommand(`Building e2e/pages/apps/${app.name}`, command, { cwd: folder, env: app.env });
  }
  const port = await findFreePort();
  const server = spawn(process.execPath, [...app.serve(port)], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: undefined, ...app.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const served: ServedApp = {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.kill('SIGTERM');
      await ended;
    },
  };
  for (const until = Date.now() + answersWithinMs; Date.now() < until && server.exitCode === null; ) {
    if (await answers(served.url)) return served;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await served.close();
  throw new Error(`The server of e2e/pages/apps/${app.name} did not answer within ${answersWithinMs} ms.`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
