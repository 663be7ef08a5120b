import { spawn } from 'node:child_process';
import { requireProgram } from './installed.ts';
import { endChild, endWithUs } from './processes.ts';

/** A screen that nobody sees. */
export interface Screen {
  /** As `DISPLAY` names it. */
  readonly display: string;
  close(): Promise<void>;
}

/** Opens a screen of its own number under Xvfb, at most 20 s long in the making. */
export async function openScreen(): Promise<Screen> {
  const program = requireProgram(['/usr/bin/Xvfb'], 'xvfb');
  // Xvfb picks a free number by itself and writes it to the file descriptor named here.
  const child = spawn(program, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  endWithUs(child);
  const number = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Xvfb named no display within 20 s.')), 20_000);
    let text = '';
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code} before it named its display.`)));
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
  });
  return {
    display: `:${number}`,
    close: () => endChild(child),
  };
}
