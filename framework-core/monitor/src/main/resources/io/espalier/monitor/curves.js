// Trade-off curves: what is left of a quality at a cost, all of them shares.

import { drawn, element, percent, picture, table } from './figures.js';

const HUES = 8;
const WIDTH = 640;
const HEIGHT = 340;
/** Room for words that are as large as a narrow screen needs them. */
const EDGE = { left: 96, right: 34, top: 16, bottom: 62 };

const MARKS = [
  (x, y) => `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`,
  (x, y) => `M${x - 3.6} ${y - 3.6}h7.2v7.2h-7.2z`,
  (x, y) => `M${x} ${y - 5.2}l5.2 5.2l-5.2 5.2l-5.2 -5.2z`,
  (x, y) => `M${x} ${y - 4.8}l4.8 8.4h-9.6z`,
];

/** Text in a picture. */
export function words(text, x, y, anchor) {
  const made = drawn('text', { x, y, 'text-anchor': anchor });
  made.textContent = text;
  return made;
}

function titled(shape, title) {
  const label = drawn('title', {});
  label.textContent = title;
  shape.append(label);
  return shape;
}

/** At most six round numbers that hold a range between them. */
export function ticks(low, high) {
  const rough = Math.max(high - low, 1e-4) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((each) => each * power >= rough * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: Math.max(2, last - first + 1) }, (_, i) => (first + i) * step);
}

const hue = (curve, i) => `hue-${i % HUES}${curve.peer ? ' peer' : ''}`;

function drawnCurve(curve, i, x, y) {
  const group = drawn('g', { class: hue(curve, i) });
  group.append(drawn('path', { class: 'curve', d: curve.points
    .map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.macs).toFixed(1)} ${y(point.quality).toFixed(1)}`).join('') }));
  curve.points.forEach((point) => group.append(titled(
    drawn('path', { class: 'mark', d: MARKS[i % MARKS.length](x(point.macs), y(point.quality)) }),
    `${[curve.name, point.name].filter(Boolean).join(' ')}: ${percent(point.quality)} at ${percent(point.macs)}`)));
  return group;
}

function legend(curves) {
  return element('ul', { class: 'legend' }, ...curves.map((curve, i) => {
    const sample = picture(34, 14, curve.peer ? 'dashed' : 'solid');
    sample.classList.add(...hue(curve, i).split(' '));
    sample.append(drawn('path', { class: 'curve', d: 'M0 7H34' }),
      drawn('path', { class: 'mark', d: MARKS[i % MARKS.length](17, 7) }));
    return element('li', {}, sample, element('span', {}, curve.name));
  }));
}

/** The one metric of curves, or a word for all of them. */
export function metricOf(curves) {
  const metrics = new Set(curves.map((curve) => curve.metric));
  return metrics.size === 1 ? curves[0].metric : 'quality';
}

/**
 * Curves in one picture; with a legend when there are several. The points of each go from left to right, or back. What they cost is a
 * share of what the original does.
 */
export function tradeOff(curves, cost = 'MACs') {
  const all = curves.flatMap((curve) => curve.points);
  const scale = ticks(Math.min(...all.map((point) => point.quality)), Math.max(...all.map((point) => point.quality)));
  const [low, high] = [scale[0], scale[scale.length - 1]];
  const x = (share) => EDGE.left + Math.min(1, share) * (WIDTH - EDGE.left - EDGE.right);
  const y = (quality) => EDGE.top + (1 - (quality - low) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const digits = Math.max(0, Math.ceil(-Math.log10(100 * (scale[1] - scale[0])) - 1e-9));
  const svg = picture(WIDTH, HEIGHT, `${metricOf(curves)} against ${cost}: ${curves.map((curve) => curve.name).join('; ')}`);
  svg.classList.add('figure');
  scale.forEach((quality) => svg.append(
    drawn('path', { class: 'axis', d: `M${EDGE.left} ${y(quality).toFixed(1)}H${WIDTH - EDGE.right}` }),
    words(`${(100 * quality).toFixed(digits)} %`, EDGE.left - 8, y(quality) + 5, 'end')));
  [0, 0.25, 0.5, 0.75, 1].forEach((share) => svg.append(
    words(`${100 * share} %`, x(share), HEIGHT - EDGE.bottom + 24, 'middle')));
  svg.append(words(`${cost} left`, x(0.5), HEIGHT - 10, 'middle'), ...curves.map((curve, i) => drawnCurve(curve, i, x, y)));
  return element('div', {}, svg, curves.length > 1 ? legend(curves) : null);
}

/** Curves as a table with a row for each point. */
export function tradeOffTable(curves) {
  const share = (value) => element('td', { class: 'number' }, value > 0 ? percent(value) : '');
  return table([['how'], ['MACs', 'number'], ['parameters', 'number'], [metricOf(curves), 'number']],
    curves.flatMap((curve) => curve.points.map((point) => element('tr', {},
      element('th', { scope: 'row' }, curve.name), share(point.macs), share(point.parameters), share(point.quality)))));
}
