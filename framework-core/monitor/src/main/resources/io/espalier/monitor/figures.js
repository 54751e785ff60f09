// Numbers as words, and elements. Text is always set as text: nothing here, and nothing that uses it, makes markup of a string.

const counts = new Intl.NumberFormat('en');
const SVG = 'http://www.w3.org/2000/svg';

/** An element with properties and children; children that are strings become text. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'class') {
      made.className = value;
    } else if (key.startsWith('aria-') || key === 'scope' || key === 'role') {
      made.setAttribute(key, value);
    } else {
      made[key] = value;
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** An element of a picture. */
export function drawn(name, attributes) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

/** A picture for those who see it, with words for those who do not. */
export function picture(width, height, label) {
  return drawn('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label });
}

/** A table that scrolls by itself where it is too wide; each head is a text or an element, and perhaps a class. */
export function table(heads, rows, kind = '') {
  return element('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'table' },
    element('table', { class: kind },
      element('thead', {}, element('tr', {}, ...heads.map(([content, name]) =>
        element('th', { scope: 'col', class: name || '' }, content)))),
      element('tbody', {}, ...rows)));
}

/** The part of a width that is kept, as a bar. */
export function keptBar(kept, total, widest) {
  const width = 180;
  const scale = width / Math.max(1, widest);
  const svg = picture(width, 12, `${kept} of ${total} channels kept`);
  svg.append(
    drawn('rect', { class: 'bar-gone', width: Math.max(2, total * scale), height: 12, rx: 2 }),
    drawn('rect', { class: 'bar-kept', width: kept > 0 ? Math.max(1, kept * scale) : 0, height: 12, rx: 2 }));
  return svg;
}

/** A histogram, small. */
export function histogram(scores) {
  const bucket = 5;
  const height = 26;
  const most = Math.max(1, ...scores.counts);
  const svg = picture(scores.counts.length * bucket, height,
    `scores from ${short(scores.minimum)} to ${short(scores.maximum)}, mean ${short(scores.mean)}`);
  scores.counts.forEach((count, i) => {
    const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * height);
    svg.append(drawn('rect', {
      class: 'bar-score', x: i * bucket, y: height - tall, width: bucket - 1, height: tall }));
  });
  return svg;
}

/** Losses over steps as a line; where a loss is no number, the line is broken. */
export function curve(points) {
  const width = 640;
  const height = 120;
  const known = points.filter(([, loss]) => loss !== null);
  const low = Math.min(...known.map(([, loss]) => loss));
  const high = Math.max(...known.map(([, loss]) => loss));
  const from = points[0][0];
  const steps = Math.max(1, points[points.length - 1][0] - from);
  const svg = picture(width, height, known.length === 0 ? 'no loss is a number'
    : `loss from ${short(known[0][1])} to ${short(known[known.length - 1][1])} in ${known.length} points`);
  let pen = 'M';
  const path = points.map(([step, loss]) => {
    if (loss === null) {
      pen = 'M';
      return '';
    }
    const x = ((step - from) / steps) * (width - 4) + 2;
    const y = height - 2 - ((loss - low) / (high - low || 1)) * (height - 4);
    const move = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
    return move;
  }).join('');
  svg.append(drawn('path', { class: 'line', d: path }));
  return svg;
}

/** A column for each layer, in their order: its width, and the part of it that is kept. As wide as there is room. */
export function widths(layers) {
  const step = 10;
  const height = 120;
  const widest = Math.max(1, ...layers.map((layer) => layer.total));
  const svg = picture(layers.length * step, height, `widths of ${layers.length} layers before and after`);
  svg.classList.add('fluid');
  svg.setAttribute('preserveAspectRatio', 'none');
  layers.forEach((layer, i) => {
    const column = drawn('g', {});
    const label = drawn('title', {});
    label.textContent = `${layer.name}: ${layer.kept} of ${layer.total}`;
    const bar = (name, width) => {
      const tall = Math.max(1, (width / widest) * height);
      return drawn('rect', { class: name, x: i * step + 1, y: height - tall, width: step - 2, height: tall });
    };
    column.append(label, bar('bar-gone', layer.total), bar('bar-kept', layer.kept));
    svg.append(column);
  });
  return svg;
}

export const count = (number) => counts.format(number);

export function short(number) {
  return number === null || number === undefined ? 'unknown' : Number(number.toPrecision(3)).toString();
}

export function bytes(number) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = number;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

export const millis = (nanos) => `${(nanos / 1e6).toFixed(3)} ms`;

export const percent = (share) => `${(100 * share).toFixed(2)} %`;

export function duration(ms) {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60000);
  return minutes < 60 ? `${minutes} min ${Math.round((ms % 60000) / 1000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function change(before, after) {
  if (!before) return '';
  const percentage = (100 * (after - before)) / before;
  return `${percentage > 0 ? '+' : ''}${percentage.toFixed(1)} %`;
}

export function points(before, after) {
  const difference = 100 * (after - before);
  return `${difference > 0 ? '+' : ''}${difference.toFixed(2)} points`;
}

/** The file name of the model; of a run whose beginning was not heard, what is known. */
export const modelName = (run) => (run.model || '').split(/[\\/]/).pop() || `run ${run.id.slice(0, 8)}`;

export const clock = (ms) => new Date(ms).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
