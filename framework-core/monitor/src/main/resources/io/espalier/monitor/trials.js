// What a run has tried on the way to its target.

import { tradeOff } from './curves.js';
import { count, element, millis, percent, table } from './figures.js';

const share = (trial, which) => trial.latency[which] / trial.latency.original;

/** What the table of latencies predicts of a trial. */
const predicted = (trial) => (trial.latency ? millis(trial.latency.predicted) : '');

/** A bar as long as a time, with the share of the original's time beside it. */
function timeCells(trial, which, most) {
  const bar = element('div', { class: which === 'measured' ? 'share' : 'share now', 'aria-hidden': 'true' });
  bar.style.width = `${(100 * share(trial, which)) / most}%`;
  return [element('td', { class: 'wide' }, bar), element('td', { class: 'number' }, percent(share(trial, which)))];
}

/** Cut networks that were timed to meet a latency: what the table predicted, and what was measured. */
function timed(all) {
  const most = Math.max(1, ...all.flatMap((trial) => [share(trial, 'predicted'), share(trial, 'measured')]));
  const rows = all.slice().reverse().map((trial) => element('tr', {},
    element('td', { class: 'number' }, count(trial.number)),
    element('th', { scope: 'row' }, trial.way || ''),
    element('td', { class: 'number' }, count(trial.macs)),
    ...timeCells(trial, 'predicted', most),
    ...timeCells(trial, 'measured', most),
    element('td', {}, trial.keeps ? 'meets it' : 'too slow')));
  return [table([['trial', 'number'], ['way to choose channels'], ['MACs', 'number'], ['time predicted'], ['', 'number'],
    ['time measured'], ['', 'number'], ['']], rows)];
}

/** Budgets that were tried for an accuracy to keep. */
function kept(run, all) {
  const reached = all.filter((trial) => trial.reached && trial.value !== null);
  const isTimed = reached.some((trial) => trial.latency);
  const most = Math.max(run.original?.macs || 0, ...reached.map((trial) => trial.macs));
  const cost = (trial) => (isTimed ? share(trial, 'predicted') : trial.macs / most);
  const rows = all.slice().reverse().map((trial) => element('tr', {},
    element('td', { class: 'number' }, count(trial.number)),
    element('th', { scope: 'row' }, trial.target),
    isTimed ? element('td', { class: 'number' }, predicted(trial)) : null,
    element('td', { class: 'number' }, trial.reached ? count(trial.macs) : ''),
    element('td', { class: 'number' }, trial.reached ? count(trial.parameters) : ''),
    element('td', { class: 'number' }, trial.reached && trial.value !== null ? percent(trial.value) : ''),
    element('td', {}, !trial.reached ? 'cannot be reached' : trial.keeps ? 'keeps it' : 'loses too much')));
  const heads = [['trial', 'number'], ['target'], ...(isTimed ? [['latency predicted', 'number']] : []), ['MACs', 'number'],
    ['parameters', 'number'], [reached.length > 0 ? reached[0].metric : 'quality', 'number'], ['']];
  return [
    reached.length > 1 ? tradeOff([{ name: 'trials', metric: reached[0].metric, points: reached.map((trial) => ({
      macs: cost(trial), quality: trial.value, name: `${trial.number}: ${trial.target}` }))
      .sort((one, other) => one.macs - other.macs) }], isTimed ? 'latency' : 'MACs') : null,
    table(heads, rows)];
}

/** What was tried so far, the last trials first; a run that is over and has the record of its search shows that. */
export function trials(run) {
  const all = run.trials || [];
  if (all.length === 0 || run.search) return null;
  const last = all[all.length - 1];
  const isTimed = all.every((trial) => trial.latency?.measured);
  return element('section', {}, element('h3', {}, isTimed ? `Cut networks that were timed to meet ${last.target}` : 'Search'),
    element('p', { class: 'quiet' }, `Trial ${count(last.number)} of at most ${count(last.most)} is over.`),
    ...(isTimed ? timed(all) : kept(run, all)));
}
