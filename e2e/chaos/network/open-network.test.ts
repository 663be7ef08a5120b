import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type Network, openNetwork, type Place } from './open-network.ts';

const port = 7_000;
/** Answers each line with the same line. */
const echo = `require('node:net').createServer((s) => s.pipe(s)).listen(${port}, () => console.log('listens'))`;
/** Sends each line that it is given to the address, and says what comes back. */
const ask = `
const socket = require('node:net').connect(${port}, process.argv[1], () => console.log('connected'));
socket.on('data', (chunk) => process.stdout.write(chunk));
socket.on('error', (error) => console.log('error ' + error.code));
process.stdin.pipe(socket);`;

async function open(): Promise<{ network: Network; one: Place; other: Place }> {
  const network = await openNetwork();
  onTestFinished(() => network.close());
  return { network, one: await network.addPlace(), other: await network.addPlace() };
}

function run({ launch }: Place, script: string, ...args: string[]): { child: ChildProcess; said: () => string } {
  const [command = '', ...words] = [...launch, process.execPath, '-e', script, ...args];
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += String(chunk);
  });
  return { child, said: () => text };
}

async function startEcho(place: Place): Promise<void> {
  const { said } = run(place, echo);
  await expect.poll(said).toContain('listens');
}

it('loses what is sent over a line that is cut, without a refusal, and brings it once the line is mended', async () => {
  const { network, one, other } = await open();
  await startEcho(other);
  const talk = run(one, ask, other.host);
  await expect.poll(talk.said).toBe('connected\n');
  talk.child.stdin?.write('before\n');
  await expect.poll(talk.said).toContain('before\n');

  network.cut(one, other);
  network.cut(other, one);
  talk.child.stdin?.write('meanwhile\n');
  const late = run(one, ask, other.host);
  // A line of this process to the same place is whole: what is sent over it in the same time arrives.
  const here = await reach(other);
  for (let times = 0; times < 20; times += 1) await say(here, `still ${times}\n`);
  expect(talk.said()).toBe('connected\nbefore\n');
  expect(late.said()).toBe('');

  network.mend(one, other);
  network.mend(other, one);
  await expect.poll(talk.said, { timeout: 30_000 }).toContain('meanwhile\n');
  await expect.poll(late.said, { timeout: 30_000 }).toBe('connected\n');
});

it('cuts one way alone: requests arrive, answers do not', async () => {
  const { network, one, other } = await open();
  const listening = run(
    other,
    `require('node:net').createServer((s) => s.on('data', (chunk) => { process.stdout.write(chunk); s.write('answer'); })).listen(${port}, () => console.log('listens'))`,
  );
  await expect.poll(listening.said).toContain('listens');
  const talk = run(one, ask, other.host);
  await expect.poll(talk.said).toBe('connected\n');
  network.cut(other, one);
  talk.child.stdin?.write('request\n');
  await expect.poll(listening.said).toContain('request\n');
  expect(talk.said()).toBe('connected\n');
  network.mend(other, one);
  await expect.poll(talk.said, { timeout: 30_000 }).toContain('answer');
});

async function reach({ host }: Place): Promise<Socket> {
  const socket = connect(port, host);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function say(socket: Socket, line: string): Promise<void> {
  socket.write(line);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe(line);
}
