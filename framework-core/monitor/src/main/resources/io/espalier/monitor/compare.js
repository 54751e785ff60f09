// Several runs side by side.

import { bytes, change, clock, count, duration, element, millis, modelName, percent, short, table } from './figures.js';
import { badge } from './list.js';
import { NOTHING } from './run.js';

export const MOST = 8;

const known = (value) => value !== undefined && value !== null && value !== '';

function reduced(run, key, format) {
  const before = run.original?.[key];
  const after = run.pruned?.[key];
  if (!known(after) || (key === 'bytes' && after === 0)) return known(before) ? `${format(before)} originally` : '';
  const difference = change(before, after);
  return `${format(after)}${difference ? ` (${difference})` : ''}`;
}

function measured(run, stage) {
  const quality = run.accuracy || run.metric;
  const value = quality?.[stage];
  if (!known(value)) return '';
  const text = run.accuracy || quality.share ? percent(value) : short(value);
  return run.accuracy ? text : `${quality.name} ${text}`;
}

const RESULTS = [
  ['verdict', (run) => badge(run)],
  ['parameters', (run) => reduced(run, 'parameters', count)],
  ['MACs', (run) => reduced(run, 'macs', count)],
  ['file size', (run) => reduced(run, 'bytes', bytes)],
  ['accuracy or metric, original', (run) => measured(run, 'original')],
  ['after the cut', (run) => measured(run, 'cut')],
  ['after repair', (run) => measured(run, 'repaired')],
  ['after training', (run) => measured(run, 'trained')],
  ['median latency', (run) => (run.latency
    ? `${millis(run.latency.pruned)} (${change(run.latency.original, run.latency.pruned)})` : '')],
  ['channels kept', (run) => (run.channels > 0 ? `${count(run.kept)} of ${count(run.channels)}` : '')],
  ['largest difference', (run) => (run.verification?.inputs !== undefined ? short(run.verification.difference) : '')],
  ['duration', (run) => (known(run.elapsed) ? duration(run.elapsed) : '')],
  ['why it failed', (run) => run.failure?.message || ''],
];

function settings(run) {
  return { model: run.model, adapter: run.adapter, target: run.target, criterion: run.criterion,
    allocator: run.allocator, ...run.options, seed: known(run.seed) ? String(run.seed) : '' };
}

function row(name, cells, differ) {
  return element('tr', { class: differ ? 'differs' : '' }, element('th', { scope: 'row' }, name),
    ...cells.map((cell) => element('td', {}, cell)));
}

function results(runs) {
  return RESULTS.map(([name, value]) => [name, runs.map(value)])
    .filter(([, cells]) => cells.some((cell) => cell !== ''))
    .map(([name, cells]) => row(name, cells, false));
}

function part(title, columns) {
  return element('tr', { class: 'part' }, element('th', { scope: 'colgroup', colSpan: columns + 1 }, title));
}

function choices(runs) {
  const all = runs.map(settings);
  const names = [...new Set(all.flatMap((each) => Object.keys(each)))];
  const rows = names.map((name) => [name, all.map((each) => (known(each[name]) ? String(each[name]) : ''))])
    .filter(([, cells]) => cells.some((cell) => !NOTHING.includes(cell)))
    .map(([name, cells]) => ({ name, cells, differ: new Set(cells).size > 1 }));
  // What differs is what a reader looks for.
  return [...rows.filter((each) => each.differ), ...rows.filter((each) => !each.differ)]
    .map(({ name, cells, differ }) => row(name, cells, differ));
}

function head(run) {
  return element('span', {},
    element('a', { href: `#/run/${encodeURIComponent(run.id)}` }, modelName(run)),
    element('span', { class: 'quiet' }, clock(run.started)));
}

/** A table with a column for each run; runs that are not known are named below it. */
export function showComparison(main, runs, missing) {
  const rows = [part('Results', runs.length), ...results(runs),
    part('Settings, those that differ first', runs.length), ...choices(runs)];
  main.replaceChildren(...[
    element('div', { class: 'title' }, element('h2', {}, `${runs.length} runs side by side`)),
    runs.length === 0 ? null
      : element('section', {}, table([[''], ...runs.map((run) => [head(run)])], rows, 'comparison')),
    missing.length === 0 ? null : element('p', { class: 'quiet' }, `Not known (any more): ${missing.join(', ')}.`),
  ].filter(Boolean));
}
