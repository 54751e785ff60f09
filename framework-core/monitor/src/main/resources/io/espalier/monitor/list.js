// The list of runs.

import { change, clock, count, duration, element, modelName, percent, short } from './figures.js';

// A run that works emits something every few minutes; one that was killed never again.
const SILENT_AFTER = 5 * 60 * 1000;
const LISTED = 500;
const STATES = { finished: 'good', failed: 'bad', cancelled: 'warn', running: '' };

/** For how many milliseconds a run that has not ended has emitted nothing; 0 when that is nothing unusual. */
export function silence(run) {
  const silent = Date.now() - run.heard;
  return run.state === 'running' && silent >= SILENT_AFTER ? silent : 0;
}

/** The state of a run, or the verdict on it when there is one. */
export function stateOf(run) {
  if (silence(run) > 0) return 'silent';
  return run.state === 'finished' && run.verification ? run.verification.outcome : run.state;
}

export function badge(run) {
  const text = stateOf(run);
  const doubtful = text === 'silent' || (run.state === 'finished' && run.verification && text !== 'proved');
  return element('span', { class: `badge ${doubtful ? 'warn' : STATES[run.state] || ''}` }, text);
}

/** What a run that has not ended is at. */
export function progress(run) {
  if (run.state !== 'running') return null;
  if (silence(run) > 0) {
    return element('p', { class: 'silent' }, `Silent since ${clock(run.heard)}, for ${duration(silence(run))}: killed, `
      + `disconnected, or at long work (${run.progress ? run.progress.within || run.progress.phase : (run.work || 'starting')}).`);
  }
  const reported = run.progress;
  const bar = element('progress', { 'aria-label': 'progress' });
  if (reported && reported.total > 0) {
    bar.max = reported.total;
    bar.value = reported.done;
  }
  const words = reported ? `${reported.within ? `${reported.within}: ` : ''}${reported.phase}${reported.total > 0 ? ` ${count(reported.done)}/${count(reported.total)}` : ''}`
    : (run.work || 'starting');
  return element('div', { class: 'live' }, bar, element('p', { class: 'quiet' }, words));
}

/** Accuracy, or the metric that was measured instead, before and after; after repair and training where there were any. */
export function quality(run) {
  const measured = run.accuracy || run.metric;
  if (!measured) return '';
  const share = run.accuracy ? percent : (measured.share ? percent : short);
  const after = measured.trained ?? measured.repaired ?? measured.cut;
  const values = [measured.original, after].filter((value) => value !== undefined && value !== null).map(share);
  return values.length === 0 ? '' : `${run.accuracy ? 'accuracy' : measured.name} ${values.join(' → ')}`;
}

function gain(run) {
  if (run.state === 'failed' && run.failure) return run.failure.kind;
  if (!run.pruned || !run.original) return '';
  return [['MACs', 'macs'], ['parameters', 'parameters']]
    .map(([name, key]) => [name, change(run.original[key], run.pruned[key])])
    .filter(([, difference]) => difference !== '').map((pair) => pair.join(' ')).join(', ');
}

function settings(run) {
  return [run.command, run.target, run.criterion, run.allocator, run.repair].filter(Boolean).join(' · ');
}

function matches(run, words) {
  const text = [run.model, stateOf(run), run.state, run.adapter, settings(run), run.id].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function entry(run, current, selected, onSelect) {
  const line = (text) => (text === '' ? null : element('p', { class: 'quiet' }, text));
  const link = element('a', { href: `#/run/${encodeURIComponent(run.id)}`, title: run.model || '' },
    element('div', { class: 'name' }, modelName(run)),
    element('p', { class: 'facts' }, badge(run), element('span', { class: 'quiet' }, clock(run.started))),
    line(settings(run)),
    line(gain(run)),
    line(quality(run)),
    progress(run));
  if (current) link.setAttribute('aria-current', 'true');
  const box = element('input', {
    type: 'checkbox', checked: selected, 'aria-label': `compare ${modelName(run)}, started ${clock(run.started)}`,
    onchange: (event) => onSelect(run.id, event.target.checked),
  });
  return element('li', {}, element('label', { class: 'select', title: 'compare' }, box), link);
}

/** Fills the list with the runs that a search finds; returns how many those are. */
export function showList(list, runs, search, currentId, selection, onSelect) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = [...runs].sort((a, b) => b.started - a.started)
    .filter((run) => matches(run, words)).slice(0, LISTED);
  const focused = document.activeElement;
  const focus = focused && list.contains(focused)
    ? { id: focused.closest('li').dataset.run, tag: focused.tagName } : null;
  list.replaceChildren(...shown.map((run) => {
    const item = entry(run, run.id === currentId, selection.has(run.id), onSelect);
    item.dataset.run = run.id;
    return item;
  }));
  if (focus) {
    const item = [...list.children].find((each) => each.dataset.run === focus.id);
    if (item) item.querySelector(focus.tag.toLowerCase()).focus({ preventScroll: true });
  }
  return shown.length;
}
