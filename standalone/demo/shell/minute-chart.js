import { svgElement } from './element.js';

const width = 420;
const height = 128;
const plot = { top: 10, bottom: 22, left: 26 };
const gapPx = 3;

/**
 * Draws bars, one per minute, the running minute marked.
 * @param {HTMLElement} place emptied at each drawing
 * @param {{ at: number, count: number }[]} minutes oldest first
 */
export function drawMinuteChart(place, minutes) {
  const top = toNiceTop(Math.max(...minutes.map(({ count }) => count)));
  const total = minutes.reduce((sum, { count }) => sum + count, 0);
  const svg = svgElement('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `${total} events in the last ${minutes.length} minutes, ${minutes.at(-1)?.count ?? 0} in the running one`,
  });
  svg.append(...drawGrid(top), ...drawBars(minutes, top), ...drawTimes(minutes));
  place.replaceChildren(svg);
}

/** @param {number} top */
function drawGrid(top) {
  return [0, top / 2, top].flatMap((value) => {
    const y = toY(value, top);
    return [
      svgElement('line', {
        class: 'grid',
        x1: plot.left,
        x2: width,
        y1: y,
        y2: y,
      }),
      svgElement('text', { class: 'tick', x: plot.left - 6, y: y + 3.5, 'text-anchor': 'end' }, String(value)),
    ];
  });
}

/** @param {{ at: number, count: number }[]} minutes @param {number} top */
function drawBars(minutes, top) {
  const step = (width - plot.left) / minutes.length;
  return minutes.map(({ at, count }, index) => {
    const y = count === 0 ? toY(0, top) - 1.5 : toY(count, top);
    const isRunning = index === minutes.length - 1;
    const bar = svgElement('rect', {
      class: count === 0 ? 'bar-empty' : isRunning ? 'bar-running' : 'bar-full',
      x: plot.left + index * step + gapPx / 2,
      y,
      width: step - gapPx,
      height: toY(0, top) - y,
      rx: Math.min(2.5, (toY(0, top) - y) / 2),
    });
    bar.append(svgElement('title', {}, `${toClock(at)}: ${count} ${count === 1 ? 'event' : 'events'}`));
    return bar;
  });
}

/** @param {{ at: number }[]} minutes */
function drawTimes(minutes) {
  const step = (width - plot.left) / minutes.length;
  const marks = [0, Math.floor(minutes.length / 2), minutes.length - 1];
  return marks.map((index, place) =>
    svgElement(
      'text',
      {
        class: 'tick',
        x: place === 2 ? width : plot.left + index * step + (place === 0 ? gapPx / 2 : step / 2),
        y: height - 6,
        'text-anchor': ['start', 'middle', 'end'][place] ?? 'middle',
      },
      place === 2 ? 'now' : toClock(minutes[index]?.at ?? 0),
    ),
  );
}

/** @param {number} value @param {number} top */
function toY(value, top) {
  return plot.top + (1 - value / top) * (height - plot.top - plot.bottom);
}

/** @param {number} most @returns {number} an even number at or above it: 1, 2 or 5 times a power of ten */
function toNiceTop(most) {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 2, 4, 6, 8, 10].find((each) => each * power >= most) ?? 10;
  return factor * power;
}

/** @param {number} at epoch ms */
function toClock(at) {
  return new Date(at).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
  });
}
