'use strict';

/* The sweep's data, what follows from them, and how numbers and elements are made. */

const data = JSON.parse(document.getElementById('data').textContent);
/** What files are judged by; scores are in percent where it has that unit. */
const metric = data.metric;
const teacher = { ...data.teacher, value: data.teacher.validation.value };
const candidates = data.candidates.map(measured);
const frontier = candidates.filter(c => c.file !== undefined);
const dimensions = dimensionsOf([...candidates, ...data.failures]);

function measured(c) {
  const file = Object.fromEntries(data.columns.map((name, i) => [name, c.values[i]]));
  return {
    ...c,
    ...file,
    value: c.validation.value,
    loss: worseBy(c.validation.value),
    settings: c.settings.map(i => data.settings[i]),
    layers: c.layers.map(layer),
    parts: {
      positions: file.index_bytes,
      values: file.value_bytes,
      codebooks: file.codebook_bytes,
      biases: file.bias_bytes,
      header: file.header_bytes,
    },
    label: Object.entries(c.point).map(([name, value]) => `${name} ${value}`).join(', '),
  };
}

function layer([tensor, representation, weights, rows, columns, nonzeros, distinct, bytes]) {
  return { tensor, representation, weights, rows, columns, nonzeros, distinct, bytes };
}

/** Files' latencies in at most five classes of as many files each, the fastest first: something to colour by. */
function latencyClasses() {
  const timed = candidates.filter(c => c.latency).sort((a, b) => a.latency[1] - b.latency[1]);
  const classes = new Map();
  const count = Math.min(5, timed.length);
  for (let i = 0; i < count; i++) {
    const own = timed.slice(Math.floor(i * timed.length / count), Math.floor((i + 1) * timed.length / count));
    own.forEach(c => classes.set(c, `up to ${millis(own.at(-1).latency[1])}`));
  }
  return { name: 'latency', values: [...new Set(classes.values())], of: c => classes.get(c) };
}

/** The files, by rising bytes, of which each is better than all before: those that a third objective kept are not there. */
function risingQuality(files) {
  let least = Infinity;
  return files.filter(c => {
    const loss = worseBy(c.value);
    const better = loss < least;
    least = Math.min(least, loss);
    return better;
  });
}

/** How much worse than the teacher a value is. */
function worseBy(value) {
  return metric.more ? teacher.value - value : value - teacher.value;
}

/** What heads values of a part of the data, as "validation error %". */
function titleOf(part) {
  return `${part} ${metric.name} ${metric.unit}`.trim();
}

/** What candidates differ in, with the values in their order. */
function dimensionsOf(all) {
  const names = [...new Set(all.flatMap(c => Object.keys(c.point)))].sort();
  return names.map(name => {
    const values = [...new Set(all.filter(c => name in c.point).map(c => c.point[name]))];
    const numeric = values.every(value => value !== '' && Number.isFinite(Number(value)));
    values.sort(numeric ? (a, b) => a - b : undefined);
    return { name, values, numeric, of: c => c.point[name] };
  });
}

/** Three digits or four, and a unit of 1000. */
function size(bytes) {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

function duration(seconds) {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function millis(milliseconds) {
  return `${Number(milliseconds.toPrecision(3))} ms`;
}

function whole(number) {
  return number.toLocaleString('en-US');
}

/** A value, or a difference of two, without its unit. */
function shown(value) {
  if (metric.unit === '%') return value.toFixed(2);
  const text = value.toPrecision(4);
  return text.includes('e') ? text : String(Number(text));
}

function withUnit(value) {
  return shown(value) + metric.unit;
}

function interval(score) {
  return `${shown(score.value)} ± ${shown((score.high - score.low) / 2)}`;
}

function times(ratio) {
  return `${ratio.toFixed(ratio < 100 ? 1 : 0)}×`;
}

function plural(count, one, many = one + 's') {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

function byId(id) {
  return document.getElementById(id);
}

/** An element; text is text, whatever it holds. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A table that scrolls by itself where there is little room. */
function table(caption, head, rows) {
  return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    el('table', {}, el('caption', {}, caption), el('thead', {}, head), el('tbody', {}, ...rows)));
}

function headRow(...names) {
  return el('tr', {}, ...names.map(name => el('th', { scope: 'col' }, name)));
}

/** A colour of the style sheet, which knows whether it is dark. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The colour of each value of a dimension: along a ramp, since most have an order. */
function coloursOf(dimension) {
  const ramp = colour('ramp').split(' ');
  const last = Math.max(1, dimension.values.length - 1);
  return new Map(dimension.values.map(
    (value, i) => [value, ramp[Math.round(i / last * (ramp.length - 1))]]));
}
