import { once } from 'node:events';
import { connect } from 'node:net';

// A process of its own that opens connections to a port and leaves them idle, until it is killed: every second one asks once
// before, the others say nothing. Prints `OPEN` when it has opened all.
const [port = '', count = ''] = process.argv.slice(2);
const request = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
const atOnce = 100;

async function open(n: number): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  if (n % 2 === 0) socket.write(request);
  socket.resume();
}

for (let opened = 0; opened < Number(count); opened += atOnce) {
  await Promise.all(Array.from({ length: atOnce }, (_, n) => open(n)));
}
process.stdout.write('OPEN\n');
