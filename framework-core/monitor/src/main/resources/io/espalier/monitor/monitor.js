// What comes from the server, and which part of it is shown.

import { MOST, showComparison } from './compare.js';
import { count, element, modelName } from './figures.js';
import { showList, silence } from './list.js';
import { showRun } from './run.js';

const runs = new Map();
const selection = new Set();
const view = { id: null, compared: [], details: new Map(), allRows: false, open: new Set(), loading: false, again: false };
let total = 0;
let health = { status: 'ok', sources: [] };

const byId = (id) => document.getElementById(id);

function list() {
  const shown = showList(byId('runs'), runs.values(), byId('search').value, view.id, selection, select);
  byId('count').textContent = shown === total ? `${count(total)} in all` : `${count(shown)} of ${count(total)}`;
  const compare = byId('compare');
  compare.hidden = selection.size === 0;
  const some = selection.size > 1;
  compare.textContent = some ? `Compare ${selection.size} runs` : 'Select a second run to compare';
  if (some) compare.href = `#/compare/${[...selection].map(encodeURIComponent).join(',')}`;
  else compare.removeAttribute('href');
}

function select(id, wanted) {
  if (wanted && selection.size < MOST) selection.add(id);
  else selection.delete(id);
  list();
}

/** A command that makes a run appear here, for the place that is watched. */
function command() {
  const kafka = health.sources.find((source) => source.kind === 'kafka');
  const journal = health.sources.find((source) => source.kind === 'journal');
  const begin = 'espalier prune model.onnx --target macs=50% -o ';
  if (journal && journal.place.endsWith('.events')) return `${begin}${journal.place.replace(/\.events$/, '')}`;
  if (journal) return `${begin}${journal.place.replace(/[\\/]+$/, '')}/pruned.onnx`;
  return kafka ? `${begin}pruned.onnx --kafka ${kafka.place}` : `${begin}pruned.onnx`;
}

function empty() {
  return element('div', { class: 'empty' },
    element('h2', {}, 'No run yet'),
    element('p', {}, 'A run appears here with its first event. Start one with'),
    element('pre', {}, element('code', {}, command())));
}

function unknown() {
  return element('div', { class: 'empty' },
    element('h2', {}, 'Unknown run'),
    element('p', {}, 'No run has this id, or it was dropped because there were many since.'),
    element('p', {}, element('code', {}, view.id)));
}

/** A run with what was loaded of it; null when nothing is known. */
function known(id) {
  const summary = runs.get(id);
  const details = view.details.get(id);
  return summary || details ? { ...details, ...summary } : null;
}

let shown = '';

/** Shows what is chosen; what has not changed keeps its place, its focus and its scrolling. */
function show() {
  const main = byId('run');
  const content = wanted().map(known);
  const now = JSON.stringify([content, wanted(), view.allRows, content.map((run) => (run ? Math.floor(silence(run) / 60000) : 0)),
    content.length === 0 ? command() : '']);
  if (now === shown) return;
  shown = now;
  if (view.compared.length > 0) {
    document.title = `${view.compared.length} runs · Espalier`;
    showComparison(main, view.compared.map(known).filter(Boolean), view.compared.filter((id) => !known(id)));
    return;
  }
  const run = view.id ? known(view.id) : null;
  if (run) {
    document.title = `${modelName(run)} · ${run.state} · Espalier`;
    showRun(main, run, view, show);
  } else if (view.id) {
    document.title = 'Unknown run · Espalier';
    main.replaceChildren(unknown());
  } else {
    document.title = 'Espalier monitor';
    main.replaceChildren(empty());
  }
}

/** What a reader of events has to say, in one line for each. */
function showHealth() {
  const lines = health.sources.flatMap((source) => {
    const parts = [];
    if (source.state === 'stuck' || source.state === 'restarting') parts.push('does not read at the moment');
    if (source.passedOver > 0) parts.push(`passed over ${count(source.passedOver)} records that are no events`);
    if (source.restarts > 0) parts.push(`started again ${count(source.restarts)} times`);
    if (source.defects > 0) parts.push(`${count(source.defects)} defects`);
    if (parts.length === 0) return [];
    return [`${source.kind} ${source.place}: ${parts.join(', ')}; ${source.trouble}`];
  });
  byId('health').replaceChildren(...lines.map((line) => element('p', {}, line)));
  byId('health').className = health.status === 'ok' ? '' : 'bad';
  byId('health').hidden = lines.length === 0;
}

async function json(path) {
  const answer = await fetch(path, { cache: 'no-store' });
  return answer.ok ? answer.json() : null;
}

const wanted = () => (view.compared.length > 0 ? view.compared : [view.id].filter(Boolean));

async function loadDetails() {
  if (view.loading) {
    view.again = true;
    return;
  }
  view.loading = true;
  try {
    do {
      view.again = false;
      for (const id of wanted()) {
        const details = await json(`api/runs/${encodeURIComponent(id)}`);
        if (details && wanted().includes(id)) view.details.set(id, details);
      }
    } while (view.again);
    show();
  } finally {
    view.loading = false;
  }
}

async function loadList() {
  // Changes that arrive while the list is on its way are newer than what it says.
  runs.clear();
  const answer = await json('api/runs');
  if (!answer) return;
  answer.runs.filter((run) => !(runs.get(run.id)?.changes > run.changes)).forEach((run) => runs.set(run.id, run));
  total = Math.max(answer.total, runs.size);
  choose();
}

/** The ids that the address names, as they are when they are not written as an address. */
function named(pattern) {
  const found = location.hash.match(pattern);
  if (!found) return [];
  return found[1].split(',').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

function choose() {
  // The link that skips to the run leaves it as it is.
  if (location.hash === '#run') return;
  const compared = named(/^#\/compare\/(.+)$/).slice(0, MOST);
  const [asked] = named(/^#\/run\/([^,]+)$/);
  const newest = [...runs.values()].sort((a, b) => b.started - a.started)[0];
  const id = compared.length > 0 ? null : (asked ?? (newest ? newest.id : null));
  if (id !== view.id || compared.join() !== view.compared.join()) {
    Object.assign(view, { id, compared, details: new Map(), allRows: false });
    compared.forEach((each) => selection.add(each));
  }
  list();
  show();
  loadDetails();
}

let pending = false;
function soon() {
  if (pending) return;
  pending = true;
  requestAnimationFrame(() => {
    pending = false;
    if (!view.id && view.compared.length === 0) choose();
    else {
      list();
      show();
    }
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
  changes.addEventListener('health', (message) => {
    health = JSON.parse(message.data);
    showHealth();
    soon();
  });
  changes.addEventListener('run', (message) => {
    const run = JSON.parse(message.data);
    if (!runs.has(run.id)) total++;
    const onlyProgress = run.progress !== undefined;
    runs.set(run.id, run);
    if (wanted().includes(run.id) && !onlyProgress) loadDetails();
    soon();
  });
}

// Silence is noticed although nothing comes.
setInterval(soon, 30 * 1000);
addEventListener('hashchange', choose);
byId('search').addEventListener('input', list);
listen();
