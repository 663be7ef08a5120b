// Loaded into the server by `npm start`: where the script that started it is killed outright, the
// server drains and ends instead of holding its port and its data folder with nobody watching.
import { isMainThread } from 'node:worker_threads';

const watchParentMs = 1_000;
const parent = process.ppid;

if (isMainThread) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, watchParentMs);
  timer.unref();
}
