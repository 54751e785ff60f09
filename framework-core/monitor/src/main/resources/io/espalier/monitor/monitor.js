import {
  bytes, change, clock, count, curve, duration, element, fileName, histogram, keptBar, millis, percent, points, short,
} from './figures.js';

const ROWS = 60;
const runs = new Map();
const view = { id: null, details: null, allRows: false, open: new Set(), loading: false, again: false };
let total = 0;

const byId = (id) => document.getElementById(id);

// The list of runs.

// A run that works tells something every few minutes; one that was killed never again.
const SILENT_AFTER = 5 * 60 * 1000;

function silence(run) {
  const silent = Date.now() - run.heard;
  return run.state === 'running' && silent >= SILENT_AFTER ? silent : 0;
}

const STATES = { finished: 'good', failed: 'bad', cancelled: 'warn', running: '' };

function badge(run) {
  const outcome = run.verification && run.verification.outcome;
  if (run.state === 'finished' && outcome && outcome !== 'proved') {
    return element('span', { class: 'badge warn' }, outcome);
  }
  if (silence(run) > 0) return element('span', { class: 'badge warn' }, 'silent');
  const text = run.state === 'finished' && outcome ? outcome : run.state;
  return element('span', { class: `badge ${STATES[run.state] || ''}` }, text);
}

function progress(run) {
  if (run.state !== 'running') return null;
  if (silence(run) > 0) {
    return element('p', { class: 'silent' }, `Silent since ${clock(run.heard)}, for ${duration(silence(run))}: killed, `
      + `cut off, or at long work (${run.progress ? run.progress.phase : (run.work || 'starting')}).`);
  }
  const told = run.progress;
  const bar = element('progress', { 'aria-label': 'progress' });
  if (told && told.total > 0) {
    bar.max = told.total;
    bar.value = told.done;
  }
  const words = told ? `${told.phase}${told.total > 0 ? ` ${count(told.done)}/${count(told.total)}` : ''}`
    : (run.work || 'starting');
  return element('div', { class: 'live' }, bar, element('p', { class: 'quiet' }, words));
}

function gain(run) {
  if (run.state === 'failed' && run.failure) return run.failure.kind;
  if (!run.pruned || !run.original) return run.command || '';
  return `MACs ${change(run.original.macs, run.pruned.macs)}, parameters ${
    change(run.original.parameters, run.pruned.parameters)}`;
}

function matches(run, words) {
  const text = [run.model, run.state, run.adapter, run.criterion, run.id, run.command].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function showList() {
  const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...runs.values()].sort((a, b) => b.started - a.started);
  const shown = all.filter((run) => matches(run, words)).slice(0, 500);
  byId('count').textContent = shown.length === total ? `${count(total)} in all` : `${count(shown.length)} of ${count(total)}`;
  byId('runs').replaceChildren(...shown.map((run) => {
    const link = element('a', { href: `#/run/${encodeURIComponent(run.id)}` },
      element('div', { class: 'name' }, element('span', {}, fileName(run.model)), badge(run)),
      element('p', { class: 'quiet' }, gain(run)),
      element('p', { class: 'quiet' }, clock(run.started)),
      progress(run));
    if (run.id === view.id) link.setAttribute('aria-current', 'true');
    return element('li', {}, link);
  }));
}

// One run.

function table(heads, rows) {
  return element('div', { class: 'scroll' }, element('table', {},
    element('thead', {}, element('tr', {}, ...heads.map(([text, kind]) =>
      element('th', { scope: 'col', class: kind || '' }, text)))),
    element('tbody', {}, ...rows)));
}

function comparison(name, before, after, format, difference, better) {
  const worth = before === undefined || after === undefined || before === after ? ''
    : (better(before, after) ? 'better' : 'worse');
  return element('tr', {},
    element('th', { scope: 'row' }, name),
    element('td', { class: 'number' }, before === undefined ? '' : format(before)),
    element('td', { class: 'number' }, after === undefined ? '' : format(after)),
    element('td', { class: `number ${worth}` },
      before === undefined || after === undefined ? '' : difference(before, after)));
}

function quality(name, measured, format, difference, better) {
  const rows = [comparison(`${name} after the cut`, measured.original, measured.cut, format, difference, better)];
  if (measured.repaired !== undefined) {
    rows.push(comparison(`${name} after repair`, measured.original, measured.repaired, format, difference, better));
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

function verification(run) {
  const proof = run.verification;
  const body = !proof ? element('p', { class: 'quiet' }, 'Not verified yet.') : pairs([
    ['outcome', proof.outcome],
    ['largest difference', short(proof.difference)],
    ['allowed', short(proof.tolerance)],
    ['inputs', count(proof.inputs)],
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

function works(run) {
  if (!run.works || run.works.length === 0) return null;
  const end = (work) => work.ended || run.heard;
  const bar = element('div', { class: 'works', role: 'img', 'aria-label': 'how long each part took; the list says it too' });
  const legend = run.works.map((work, i) => {
    const took = Math.max(0, end(work) - work.began);
    const now = run.state === 'running' && i === run.works.length - 1;
    const part = element('div', { class: now ? 'now' : '', title: `${work.name}: ${duration(took)}` });
    part.style.flexGrow = Math.max(1, took);
    bar.append(part);
    return element('li', {}, element('b', {}, work.name), ` ${now ? 'now' : duration(took)}`);
  });
  return element('section', {}, element('h3', {}, 'What it did'), bar, element('ul', { class: 'legend' }, ...legend));
}

function losses(run) {
  if (!run.losses || run.losses.length === 0) return null;
  const told = run.loss ? `${short(run.loss.value)} at step ${count(run.loss.step)}${
    run.loss.epoch > 0 ? ` of epoch ${count(run.loss.epoch)}` : ''}` : '';
  return element('section', {}, element('h3', {}, 'Loss while training'),
    element('div', { class: 'scroll' }, curve(run.losses)), element('p', { class: 'quiet' }, told));
}

function layers(run) {
  const groups = run.groupList || [];
  if (groups.length === 0) return null;
  const widest = Math.max(...groups.map((group) => group.total || 0));
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
    ? element('button', { type: 'button', onclick: () => { view.allRows = true; showRun(); } },
      `Show all ${count(groups.length)} groups`) : null;
  const all = run.groups && run.groups > groups.length
    ? element('p', { class: 'quiet' }, `The event lists ${count(groups.length)} of ${count(run.groups)} groups.`) : null;
  return element('section', {}, element('h3', {}, 'Channels kept, and scores'),
    table([['group'], ['kept'], ['channels', 'number'], ['scores'], ['range', 'number']], rows), more, all);
}

function fold(key, title, ...body) {
  const box = element('details', { open: view.open.has(key) }, element('summary', {}, title), ...body);
  box.addEventListener('toggle', () => (box.open ? view.open.add(key) : view.open.delete(key)));
  return box;
}

function barriers(run) {
  const list = run.barrierList || [];
  if (list.length === 0) return null;
  return fold('barriers', `Barriers: ${count(run.barriers || list.length)}`, table(
    [['operator'], ['value'], ['axis', 'number'], ['why nothing may go']],
    list.map((barrier) => element('tr', {},
      element('td', {}, barrier.operator || 'input or output'),
      element('td', {}, element('code', {}, barrier.value)),
      element('td', { class: 'number' }, count(barrier.axis)),
      element('td', {}, barrier.reason)))));
}

function facts(run) {
  const entries = (object) => Object.entries(object || {});
  return [
    run.files && run.files.length > 0 ? fold('files', `Files: ${run.files.length}`, table(
      [['what'], ['path'], ['size', 'number']],
      run.files.map((file) => element('tr', {},
        element('td', {}, file.kind),
        element('td', {}, element('code', {}, file.path)),
        element('td', { class: 'number' }, bytes(file.bytes)))))) : null,
    entries(run.options).length > 0 ? fold('settings', 'Settings', pairs([
      ...entries(run.options), ['seed', count(run.seed || 0)], ['tool', run.tool], ['java', run.java], ['system', run.os],
      ['plug-ins', entries(run.plugins).map(([name, version]) => `${name} ${version}`).join(', ')],
    ])) : null,
  ];
}

function showRun() {
  const summary = runs.get(view.id);
  const details = view.details && view.details.id === view.id ? view.details : {};
  const run = { ...details, ...summary };
  if (!summary && !details.id) {
    byId('run').replaceChildren(element('p', { class: 'empty' },
      view.id ? 'This run is not known (any more).'
        : 'No run yet. Runs appear here as soon as they tell their first event.'));
    return;
  }
  document.title = `${fileName(run.model)} · ${run.state} · Espalier`;
  const about = [run.command, run.adapter, run.criterion, run.target,
    clock(run.started), run.elapsed !== undefined ? duration(run.elapsed) : '', run.id].filter(Boolean).join(' · ');
  byId('run').replaceChildren(...[
    element('div', { class: 'title' }, element('h2', {}, fileName(run.model)), badge(run)),
    element('p', { class: 'quiet' }, about),
    progress(run),
    run.resources ? element('p', { class: 'quiet' }, `${bytes(run.resources.heap)} of ${
      bytes(run.resources.heapLimit)} heap, ${duration(run.resources.processor)} on processors`) : null,
    failure(run),
    run.original ? element('div', { class: 'pair' }, gains(run), verification(run)) : null,
    losses(run),
    works(run),
    layers(run),
    barriers(run),
    ...facts(run),
    run.detailsCut ? element('p', { class: 'quiet' },
      'Details of this run were dropped to bound memory; its journal has them.') : null,
  ].filter(Boolean));
}

// What comes from the server.

async function json(path) {
  const answer = await fetch(path, { cache: 'no-store' });
  return answer.ok ? answer.json() : null;
}

async function loadDetails() {
  if (view.loading) {
    view.again = true;
    return;
  }
  view.loading = true;
  try {
    do {
      view.again = false;
      const id = view.id;
      if (id) {
        const details = await json(`api/runs/${encodeURIComponent(id)}`);
        if (id === view.id && details) view.details = details;
      }
    } while (view.again);
    showRun();
  } finally {
    view.loading = false;
  }
}

async function loadList() {
  // Changes that arrive while the list is on its way are newer than what it says.
  runs.clear();
  const list = await json('api/runs');
  if (!list) return;
  list.runs.filter((run) => !(runs.get(run.id)?.sequence > run.sequence)).forEach((run) => runs.set(run.id, run));
  total = Math.max(list.total, runs.size);
  choose();
}

function choose() {
  const named = location.hash.match(/^#\/run\/(.+)$/);
  const newest = [...runs.values()].sort((a, b) => b.started - a.started)[0];
  const id = named ? decodeURIComponent(named[1]) : (newest ? newest.id : null);
  if (id !== view.id) {
    Object.assign(view, { id, details: null, allRows: false });
  }
  showList();
  showRun();
  loadDetails();
}

let pending = false;
function soon() {
  if (pending) return;
  pending = true;
  requestAnimationFrame(() => {
    pending = false;
    showList();
    if (!view.id) choose();
    else showRun();
  });
}

function listen() {
  const changes = new EventSource('api/changes');
  const say = (words, kind) => {
    byId('connection').textContent = words;
    byId('connection').className = kind;
  };
  changes.addEventListener('open', () => {
    say('live', 'live');
    loadList();
  });
  changes.addEventListener('error', () => say('connection lost, trying again', 'away'));
  changes.addEventListener('run', (message) => {
    const run = JSON.parse(message.data);
    if (!runs.has(run.id)) total++;
    const onlyProgress = run.progress !== undefined;
    runs.set(run.id, run);
    if (run.id === view.id && !onlyProgress) loadDetails();
    soon();
  });
}

// Silence is noticed although nothing comes.
setInterval(soon, 30 * 1000);
addEventListener('hashchange', choose);
byId('search').addEventListener('input', showList);
listen();
