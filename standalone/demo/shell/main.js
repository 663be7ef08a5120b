import { createAsk } from './ask.js';
import { byId } from './element.js';
import { createEventList } from './event-list.js';
import { runFold } from './fold.js';
import { openLiveStream } from './live-stream.js';
import { drawMinuteChart } from './minute-chart.js';
import { createReadAccess } from './read-access.js';
import { createRecentMinutes, shownMinutes, toMinute } from './recent-minutes.js';
import { runShopFrame } from './shop-frame.js';
import { showTotals } from './totals.js';
import { runVisitorsButton } from './visitors-button.js';

const minuteMs = 60_000;
/** After rows came, the store is asked for its counts: so late, and so often, in ms. */
const recountMs = 2_000;
const maxPastRows = 60;

const state = byId('state');
const stateWords = {
  connecting: 'Connecting',
  live: 'Live',
  waiting: 'Reconnecting',
};
const totals = {
  events: byId('total-events'),
  visitors: byId('total-visitors'),
  sessions: byId('total-sessions'),
};
const access = createReadAccess();
const ask = createAsk(access);
const events = createEventList(byId('events'), byId('empty'));
const minutes = createRecentMinutes();
let isRecounting = false;

function draw() {
  drawMinuteChart(byId('chart'), minutes.list(Date.now()));
}

/** The chart's stretch of time, as a question has it; a minute more, for clocks that run ahead. */
function shownTime() {
  const running = toMinute(Date.now());
  return {
    from: new Date(running - (shownMinutes - 1) * minuteMs).toISOString(),
    to: new Date(running + 2 * minuteMs).toISOString(),
  };
}

async function recount() {
  isRecounting = false;
  const askedAt = Date.now();
  const time = shownTime();
  // An interval as wide as can be: visitors and sessions of several intervals must not be added up.
  const [perMinute, whole] = await Promise.all([
    ask({ question: 'timeseries', ...time, interval: 'minute' }),
    ask({ question: 'timeseries', ...time, interval: 'month' }),
  ]);
  minutes.replace(
    perMinute.map((row) => ({
      at: Date.parse(String(row['time'])),
      count: Number(row['events']),
    })),
    askedAt,
  );
  showTotals(totals, whole);
  draw();
}

/** Asks soon for the store's own counts: rows that came with the answer's own making may be counted twice till then. */
function recountSoon() {
  if (isRecounting) return;
  isRecounting = true;
  setTimeout(() => recount().catch(sayAway), recountMs);
}

async function fillPast() {
  const rows = await ask({
    question: 'events',
    ...shownTime(),
    limit: maxPastRows,
  });
  for (const row of rows) events.show(row, 'past');
  await recount();
}

function sayAway() {
  byId('notice').textContent = 'The counts could not be read just now; they follow with the next event.';
}

openLiveStream({
  access,
  onOpen: () => fillPast().catch(sayAway),
  onRow(row) {
    if (!events.show(row, 'fresh')) return;
    minutes.add(Date.parse(String(row['timestamp'])), Date.now());
    draw();
    recountSoon();
  },
  onState(next) {
    state.dataset['state'] = next;
    state.textContent = stateWords[next];
  },
});
setInterval(draw, 5_000);
setInterval(recountSoon, minuteMs);
draw();

runFold(byId('fold'), document.documentElement);
runVisitorsButton(/** @type {HTMLButtonElement} */ (byId('visitors')), byId('notice'));
runShopFrame({
  frame: /** @type {HTMLIFrameElement} */ (byId('shop')),
  address: /** @type {HTMLAnchorElement} */ (byId('address')),
  back: byId('back'),
  reload: byId('reload'),
  arrival: /** @type {HTMLSelectElement} */ (byId('arrival')),
});
