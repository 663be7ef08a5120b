/** A session of plain WebDriver over HTTP. Commands run one after another; each names the window it is for. */
export interface WebDriverSession {
  readonly browserName: string;
  readonly browserVersion: string;
  /** Opens a window and gives its handle. */
  openWindow(): Promise<string>;
  closeWindow(handle: string): Promise<void>;
  goto(handle: string, url: string): Promise<void>;
  execute(handle: string, script: string): Promise<unknown>;
  click(handle: string, selector: string): Promise<void>;
  end(): Promise<void>;
}

/** The key under which an element's id comes. Source: WebDriver, section 12.1 "Elements". */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** Opens a session with these capabilities at a driver that takes requests. Every method rejects with the driver's error, or `DriverSilent`. */
export async function openSession(
  driverUrl: string,
  capabilities: unknown,
  answerWithinMs = 60_000,
): Promise<WebDriverSession> {
  const send = (method: string, url: string, body?: unknown) => sendWithin(answerWithinMs, method, url, body);
  const opened = toObject(await send('POST', `${driverUrl}/session`, { capabilities }));
  const told = toObject(opened['capabilities']);
  const url = `${driverUrl}/session/${String(opened['sessionId'])}`;
  /** A new window is asked for from a window that lives. */
  const first = String(await send('GET', `${url}/window`));
  let last: Promise<unknown> = Promise.resolve();
  let current = first;

  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run, run);
    last = turn.catch(() => undefined);
    return turn;
  };
  const inWindow = <T>(handle: string, run: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      if (current !== handle) await send('POST', `${url}/window`, { handle });
      current = handle;
      return run();
    });

  return {
    browserName: String(told['browserName']),
    browserVersion: String(told['browserVersion']),
    openWindow: () =>
      inWindow(first, async () =>
        String(toObject(await send('POST', `${url}/window/new`, { type: 'window' }))['handle']),
      ),
    closeWindow: (handle) =>
      inWindow(handle, async () => {
        current = '';
        await send('DELETE', `${url}/window`);
      }),
    goto: (handle, address) => inWindow(handle, async () => void (await send('POST', `${url}/url`, { url: address }))),
    execute: (handle, script) => inWindow(handle, () => send('POST', `${url}/execute/sync`, { script, args: [] })),
    click: (handle, selector) =>
      inWindow(handle, async () => {
        const element = toObject(await send('POST', `${url}/element`, { using: 'css selector', value: selector }));
        await send('POST', `${url}/element/${String(element[elementKey])}/click`, {});
      }),
    end: () => inTurn(async () => void (await send('DELETE', url))),
  };
}

/** The driver gave no answer in time: what became of the command, nobody knows. */
export class DriverSilent extends Error {}

async function sendWithin(ms: number, method: string, url: string, body?: unknown): Promise<unknown> {
  const signal = AbortSignal.timeout(ms);
  try {
    const response = await fetch(url, { method, body: body === undefined ? null : JSON.stringify(body), signal });
    const { value } = toObject(await response.json());
    if (response.ok) return value;
    const { error, message } = toObject(value);
    throw new Error(`WebDriver refused ${method} ${new URL(url).pathname}: ${String(error)}, ${String(message)}`);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    throw new DriverSilent(`WebDriver did not answer ${method} ${new URL(url).pathname} in ${ms} ms`);
  }
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
