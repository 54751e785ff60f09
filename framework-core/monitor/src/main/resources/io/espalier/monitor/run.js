// One run.

import {
  bytes, change, clock, count, curve, duration, element, histogram, keptBar, millis, modelName, percent, points, short, table,
} from './figures.js';
import { badge, progress } from './list.js';
import { trials } from './trials.js';

const ROWS = 60;

/** Values of settings that say that nothing was asked for. */
export const NOTHING = ['', '[]', '{}'];

function comparison(name, before, after, format, difference, better) {
  const known = (value) => value !== undefined && value !== null;
  const both = known(before) && known(after);
  const worth = !both || before === after ? '' : (better(before, after) ? 'better' : 'worse');
  return element('tr', {},
    element('th', { scope: 'row' }, name),
    element('td', { class: 'number' }, known(before) ? format(before) : ''),
    element('td', { class: 'number' }, known(after) ? format(after) : ''),
    element('td', { class: `number ${worth}` }, both ? difference(before, after) : ''));
}

function quality(name, measured, format, difference, better) {
  const rows = [comparison(`${name} after the cut`, measured.original, measured.cut, format, difference, better)];
  if (measured.repaired !== undefined) {
    rows.push(comparison(`${name} after repair`, measured.original, measured.repaired, format, difference, better));
  }
  if (measured.trained !== undefined) {
    rows.push(comparison(`${name} after training`, measured.original, measured.trained, format, difference, better));
  }
  return rows;
}

function gains(run) {
  const less = (before, after) => after < before;
  const more = (before, after) => after > before;
  const original = run.original || {};
  const pruned = run.pruned || {};
  const rows = [
    comparison('parameters', original.parameters, pruned.parameters, count, change, less),
    comparison('MACs', original.macs, pruned.macs, count, change, less),
    comparison('file size', original.bytes, pruned.bytes || undefined, bytes, change, less),
  ];
  if (run.latency) {
    rows.push(comparison('median latency', run.latency.original, run.latency.pruned, millis, change, less));
  }
  if (run.accuracy) rows.push(...quality('accuracy', run.accuracy, percent, points, more));
  if (run.metric) {
    const better = run.metric.higherIsBetter ? more : less;
    rows.push(...(run.metric.share ? quality(run.metric.name, run.metric, percent, points, better)
      : quality(run.metric.name, run.metric, short, change, better)));
  }
  return element('section', {}, element('h3', {}, 'Before and after'),
    table([[''], ['original', 'number'], ['pruned', 'number'], ['change', 'number']], rows));
}

function pairs(entries) {
  return element('dl', {}, ...entries.filter(([, value]) => value !== undefined && value !== '')
    .flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

const UNVERIFIED = {
  running: 'Not verified yet.',
  failed: 'Not verified: the run failed before.',
  cancelled: 'Not verified: the run was cancelled before.',
  finished: 'Not verified: the run wrote no pruned model.',
};

function verification(run) {
  const proof = run.verification;
  const body = !proof ? element('p', { class: 'quiet' }, UNVERIFIED[run.state]) : pairs([
    ['outcome', proof.outcome],
    ...(proof.inputs === undefined ? [] : [
      ['largest difference', short(proof.difference)],
      ['allowed', short(proof.tolerance)],
      ['inputs', count(proof.inputs)],
    ]),
    ['reason', proof.reason],
  ]);
  return element('section', {}, element('h3', {}, 'Verification'), body);
}

function failure(run) {
  if (!run.failure) return null;
  const causes = (run.causes || []).map((cause) => element('li', {},
    element('code', {}, cause.type), `: ${cause.message}`));
  return element('section', { class: run.state === 'failed' ? 'bad' : '' },
    element('h3', {}, run.state === 'failed' ? `Failed: ${run.failure.kind}` : 'Cancelled'),
    element('p', {}, run.failure.message),
    causes.length > 1 ? element('ul', {}, ...causes) : null);
}

/** Each piece of work with the time it took, as a bar under the name. */
function works(run) {
  if (!run.works || run.works.length === 0) return null;
  const took = run.works.map((work) => Math.max(0, (work.ended || run.heard) - work.began));
  const all = Math.max(1, took.reduce((sum, each) => sum + each, 0));
  const rows = run.works.map((work, i) => {
    const now = run.state === 'running' && i === run.works.length - 1;
    const bar = element('div', { class: now ? 'share now' : 'share', 'aria-hidden': 'true' });
    bar.style.width = `${(100 * took[i]) / all}%`;
    return element('tr', {},
      element('th', { scope: 'row' }, work.step > 0 && run.works.some((other) => other.step > 1)
        ? `${work.name}, step ${work.step}` : work.name),
      element('td', { class: 'wide' }, bar),
      element('td', { class: 'number' }, duration(took[i])),
      element('td', { class: 'number' }, now ? 'now' : `${((100 * took[i]) / all).toFixed(0)} %`));
  });
  return element('section', {}, element('h3', {}, 'Time by work'),
    table([['work'], ['share of the run'], ['time', 'number'], ['', 'number']], rows));
}

/** Losses of steps as a curve; a run that reports none of them has those of its epochs. */
function losses(run) {
  const steps = run.losses || [];
  const points = steps.length > 0 ? steps : (run.epochs || []).map((epoch) => [epoch.number, epoch.loss]);
  if (points.length === 0) return null;
  const last = run.loss ? `${short(run.loss.value)} at step ${count(run.loss.step)}${
    run.loss.epoch > 0 ? ` of epoch ${count(run.loss.epoch)}` : ''}` : '';
  return element('section', {}, element('h3', {}, 'Loss while training'),
    element('div', { class: 'scroll' }, curve(points)), element('p', { class: 'quiet' }, last));
}

const worth = (measured) => (measured ? (measured.share ? percent : short)(measured.value) : '');

/** The epochs of a training, the last ones first, and how long it will take. */
function epochs(run) {
  const all = run.epochs || [];
  if (all.length === 0) return null;
  const metric = (kind) => (all.find((epoch) => epoch[kind]) || { [kind]: { name: '' } })[kind].name;
  const over = `Epoch ${count(run.epoch.number)} of ${count(run.epoch.of)} is over${
    run.state === 'running' && run.epoch.left > 0 ? `, about ${duration(run.epoch.left)} left` : ''}.`;
  const rows = all.slice().reverse().map((epoch) => element('tr', {},
    element('th', { scope: 'row' }, count(epoch.number)),
    element('td', { class: 'number' }, short(epoch.loss)),
    element('td', { class: 'number' }, worth(epoch.training)),
    element('td', { class: 'number' }, worth(epoch.validation)),
    element('td', { class: 'number' }, short(epoch.rate))));
  return element('section', {}, element('h3', {}, 'Epochs'), element('p', { class: 'quiet' }, over),
    table([['epoch'], ['loss', 'number'], [`${metric('training')} in training`, 'number'],
      [`${metric('validation')} on validation`, 'number'], ['learning rate', 'number']], rows));
}

function layers(run, view, again) {
  const groups = run.groupList || [];
  if (groups.length === 0) return null;
  const widest = Math.max(...groups.slice(0, 5000).map((group) => group.total || 0));
  const shown = view.allRows ? groups : groups.slice(0, ROWS);
  const rows = shown.map((group) => element('tr', {},
    element('th', { scope: 'row' }, group.name || group.id),
    element('td', {}, group.kept === undefined ? '' : keptBar(group.kept, group.total, widest)),
    element('td', { class: 'number' },
      group.kept === undefined ? count(group.total || 0) : `${count(group.kept)} of ${count(group.total)}`),
    element('td', {}, group.scores && group.scores.counts.length > 0 ? histogram(group.scores) : ''),
    element('td', { class: 'number' },
      group.scores ? `${short(group.scores.minimum)} to ${short(group.scores.maximum)}` : '')));
  const more = groups.length > shown.length
    ? element('button', { type: 'button', onclick: () => { view.allRows = true; again(); } },
      `Show all ${count(groups.length)} groups`) : null;
  const all = run.groups && run.groups > groups.length
    ? element('p', { class: 'quiet' }, `The event lists ${count(groups.length)} of ${count(run.groups)} groups.`) : null;
  return element('section', {}, element('h3', {}, 'Channels kept, and scores'),
    table([['group'], ['kept'], ['channels', 'number'], ['scores'], ['range', 'number']], rows), more, all);
}

function fold(view, key, title, ...body) {
  const box = element('details', { open: view.open.has(key) }, element('summary', {}, title), ...body);
  box.addEventListener('toggle', () => (box.open ? view.open.add(key) : view.open.delete(key)));
  return box;
}

function barriers(run, view) {
  const list = run.barrierList || [];
  if (list.length === 0) return null;
  return fold(view, 'barriers', `Barriers: ${count(run.barriers || list.length)}`, table(
    [['operator'], ['value'], ['axis', 'number'], ['why nothing can be removed']],
    list.map((barrier) => element('tr', {},
      element('td', {}, barrier.operator || 'input or output'),
      element('td', {}, element('code', {}, barrier.value)),
      element('td', { class: 'number' }, count(barrier.axis)),
      element('td', {}, barrier.reason)))));
}

function facts(run, view) {
  const entries = (object) => Object.entries(object || {}).filter(([, value]) => !NOTHING.includes(value));
  return [
    run.files && run.files.length > 0 ? fold(view, 'files', `Files: ${run.files.length}`, table(
      [['what'], ['path'], ['size', 'number']],
      run.files.map((file) => element('tr', {},
        element('td', {}, file.kind),
        element('td', {}, element('code', {}, file.path)),
        element('td', { class: 'number' }, bytes(file.bytes)))))) : null,
    entries(run.options).length > 0 ? fold(view, 'settings', 'Settings', pairs([
      ...entries(run.options), ['seed', count(run.seed || 0)], ['tool', run.tool], ['java', run.java], ['system', run.os],
      ['plug-ins', entries(run.plugins).map(([name, version]) => `${name} ${version}`).join(', ')],
    ])) : null,
  ];
}

/** What the page shows of a run; `again` shows it anew after a button was pressed, `more` are sections that others add. */
export function showRun(main, run, view, again, more = []) {
  const about = [run.command, run.adapter, run.criterion, run.target,
    clock(run.started), run.elapsed !== undefined ? duration(run.elapsed) : '', run.id].filter(Boolean).join(' · ');
  main.replaceChildren(...[
    element('div', { class: 'title' }, element('h2', {}, modelName(run)), badge(run)),
    element('p', { class: 'quiet' }, about),
    progress(run),
    run.resources ? element('p', { class: 'quiet' }, `${bytes(run.resources.heap)} of ${
      bytes(run.resources.heapLimit)} heap, ${duration(run.resources.processor)} on processors`) : null,
    failure(run),
    run.original ? element('div', { class: 'pair' }, gains(run), verification(run)) : null,
    losses(run),
    epochs(run),
    trials(run),
    works(run),
    layers(run, view, again),
    ...more,
    barriers(run, view),
    ...facts(run, view),
    run.detailsCut ? element('p', { class: 'quiet' },
      'Details of this run were dropped to bound memory; its journal has them.') : null,
  ].filter(Boolean));
}
