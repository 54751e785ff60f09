// A report: runs that are over, all that is known of them, on one page.

import { showComparison } from './compare.js';
import { metricOf, tradeOff, tradeOffTable } from './curves.js';
import { count, element, keptBar, millis, modelName, percent, table, widths } from './figures.js';
import { showRun } from './run.js';

const FOLDS = ['barriers', 'files', 'settings'];

function section(title, ...body) {
  return element('section', {}, element('h3', {}, title), ...body);
}

function lines(list) {
  return element('ul', {}, ...list.map((each) => element('li', {}, each)));
}

/** The settings that were chosen by a recipe, and what it has to say. */
function notes(report) {
  const list = report?.notes || [];
  if (list.length === 0 && !report?.recipe) return null;
  return section('Recipe and notes',
    report.recipe ? element('p', {}, `Settings that were not asked for are those of the recipe '${report.recipe}'.`) : null,
    list.length > 0 ? lines(list) : null);
}

/** How wide the layers are, in the order of the graph. */
function layers(report) {
  const list = report?.layers || [];
  if (list.length === 0) return null;
  const widest = Math.max(...list.map((layer) => layer.total));
  return section('Widths of layers, in the order of the graph',
    widths(list),
    element('details', { open: list.length <= 24 }, element('summary', {}, `${count(list.length)} layers`), table(
      [['layer'], ['kept'], ['channels', 'number']],
      list.map((layer) => element('tr', {},
        element('th', { scope: 'row' }, layer.name),
        element('td', {}, keptBar(layer.kept, layer.total, widest)),
        element('td', { class: 'number' }, `${count(layer.kept)} of ${count(layer.total)}`))))));
}

/** What the repair has left of the error of each weight. */
function recovery(report) {
  const list = report?.repair?.weights || [];
  if (list.length === 0) return null;
  const share = (value) => (value === undefined || value === null ? '' : percent(value));
  return section(`Repair by ${report.repair.compensator}: error of each layer on examples held back`, table(
    [['weight'], ['before', 'number'], ['after', 'number'], ['why it was left']],
    list.map((weight) => element('tr', {},
      element('th', { scope: 'row' }, weight.name),
      element('td', { class: 'number' }, share(weight.errorBefore)),
      element('td', { class: 'number' }, share(weight.errorAfter)),
      element('td', {}, weight.reason || weight.note || '')))));
}

function command(...words) {
  const quoted = words.map((word) => (/^[\w./:=%@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return element('pre', {}, element('code', {}, quoted.join(' ')));
}

function replay(report) {
  if (!report?.plan) return null;
  return section('To do it again',
    element('p', {}, 'This makes the cut again from the plan, and this proves the result again:'),
    command('espalier', 'prune', report.input, '--plan', report.plan, '-o', 'again.onnx'),
    command('espalier', 'verify', report.input, report.plan, report.output),
    element('dl', {},
      element('dt', {}, 'digest of the plan'), element('dd', {}, element('code', {}, report.planDigest))));
}

/** Runs, and models of other tools, as curves: the picture, and its numbers. */
function tradeOffs(curves) {
  return section(`${metricOf(curves)} against MACs`, tradeOff(curves), tradeOffTable(curves));
}

/** The curve of a search, with the numbers that its points are picked by. */
function searched(search) {
  const list = search?.curve || [];
  if (list.length === 0) return null;
  const isTimed = list.every((point) => point.latencyNanos);
  const cost = isTimed ? 'latencyNanos' : 'macs';
  const points = list.map((point) => ({
    macs: point[cost] / search.original[cost], quality: point.value, name: `${point.number}: ${point.target}` }));
  const rows = list.map((point) => element('tr', { class: point.number === search.chosen ? 'chosen' : '' },
    element('td', { class: 'number' }, count(point.number)),
    element('th', { scope: 'row' }, point.target),
    isTimed ? element('td', { class: 'number' }, millis(point.latencyNanos)) : null,
    element('td', { class: 'number' }, percent(point.macs / search.original.macs)),
    element('td', { class: 'number' }, percent(point.parameters / search.original.parameters)),
    element('td', { class: 'number' }, `${percent(point.value)} ± ${percent(point.standardErrorOfLoss ?? point.standardError)}`),
    element('td', {}, point.keeps ? (point.number === search.chosen ? 'chosen' : 'keeps it') : 'loses too much')));
  const against = isTimed ? 'latency' : 'MACs';
  return section(`${search.metric} against ${against}, as the search for ${search.goal} found it`,
    points.length > 1 ? tradeOff([{ name: search.goal, metric: search.metric, points }], against) : null,
    table([['point', 'number'], ['target'], ...(isTimed ? [['latency predicted', 'number']] : []), ['MACs', 'number'], ['parameters', 'number'], [search.metric, 'number'], ['']], rows));
}

function shown(run) {
  const article = element('article', { id: `/run/${run.id}` });
  const view = { allRows: true, open: new Set(FOLDS) };
  const { report } = run;
  showRun(article, run, view, () => {},
    [searched(run.search), layers(report), recovery(report), notes(report), replay(report)]);
  return article;
}

function showAll(main, { runs, curves }) {
  const parts = [];
  if (curves.length > 0) parts.push(element('article', {}, tradeOffs(curves)));
  if (runs.length > 1) {
    const comparison = element('article');
    showComparison(comparison, runs, []);
    parts.push(comparison);
  }
  main.replaceChildren(...parts, ...runs.map(shown));
  document.title = runs.length === 1 ? `${modelName(runs[0])} · Espalier report` : `${runs.length} runs · Espalier report`;
}

// On paper nothing can be opened.
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((each) => { each.open = true; }));
showAll(document.getElementById('report'), JSON.parse(document.getElementById('data').textContent));
