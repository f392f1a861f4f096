/* How much the teacher minds the sparsity of each of its layers, where that was measured. */

/** Whether errors were measured: where there are no classes, losses stand in their place. */
const countsErrors = data.sensitivity.every(scan => scan.layers.every(layer => layer.accuracies.every(a => a !== null)));

/** Of a layer, by its sparsities: errors in percent, or losses. */
function harms(layer) {
  return countsErrors ? layer.accuracies.map(accuracy => 100 * (1 - accuracy)) : layer.losses;
}

function harmText(value) {
  return countsErrors ? value.toFixed(2) : String(Number(value.toPrecision(4)));
}

function harmTitle() {
  return countsErrors ? 'Error' : 'Loss';
}

function sensitivityUnit() {
  return countsErrors ? 'points of error' : 'loss';
}

class SensitivityChart {
  #box = byId('sensitivity');
  #choice = byId('scan');
  #chart;

  constructor() {
    byId('layers').hidden = data.sensitivity.length === 0;
    if (data.sensitivity.length === 0) return;
    this.#choice.replaceChildren(...data.sensitivity.map((scan, i) => el('option', { value: i }, scanName(scan))));
    this.#choice.addEventListener('input', () => this.draw());
    this.#chart = echarts.init(this.#box, null, { renderer: 'svg' });
    new ResizeObserver(() => this.#chart.resize()).observe(this.#box);
  }

  draw() {
    if (!this.#chart) return;
    const scan = data.sensitivity[this.#choice.value];
    const levels = [...new Set(scan.layers.flatMap(layer => layer.sparsities))].sort((a, b) => a - b);
    const colours = coloursOf({ values: scan.layers.map(layer => layer.tensor) });
    this.#box.setAttribute('aria-label',
      `${harmTitle()} against sparsity of one layer at a time, pruned by ${scanName(scan)}; the table below has the same values.`);
    this.#chart.setOption(this.#option(scan, levels, colours), true);
    byId('sensitivity-legend').replaceChildren(...[...colours].map(([tensor, tint]) => {
      const swatch = el('span', { class: 'swatch' });
      swatch.style.background = tint;
      return el('li', {}, swatch, tensor);
    }));
    byId('sensitivity-table').replaceChildren(sensitivityTable(scan, levels));
  }

  #option(scan, levels, colours) {
    const errors = scan.layers.flatMap(harms);
    const least = Math.min(...errors);
    const most = Math.max(...errors);
    const y = least > 0 && most > 2 * least ? factors(least, most, 4) : differences(most);
    const places = y.ticks.map(y.place);
    const label = { color: colour('quiet'), fontSize: 12 };
    const narrow = this.#box.clientWidth < 560;
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: narrow ? 44 : 56, right: 16, top: 16, bottom: 48 },
      tooltip: {
        trigger: 'axis',
        confine: true,
        backgroundColor: colour('paper'),
        borderColor: colour('rule'),
        textStyle: { color: colour('text') },
        formatter: points => sensitivityTip(scan, levels[points[0].dataIndex]),
      },
      // Levels lie closer where more happens: they stand at equal distances.
      xAxis: {
        type: 'category',
        boundaryGap: false,
        data: levels.map(level => `${Number((100 * level).toFixed(1))}%`),
        name: 'Sparsity of the layer',
        nameLocation: 'middle',
        nameGap: 30,
        nameTextStyle: { color: colour('quiet'), fontSize: 13 },
        axisLine: { onZero: false, lineStyle: { color: colour('quiet') } },
        axisLabel: { ...label, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        min: y.min,
        max: y.max,
        axisLine: { show: false },
        axisTick: { show: false, customValues: places },
        splitLine: { customValues: places, lineStyle: { color: colour('rule') } },
        axisLabel: { ...label, customValues: places, formatter: place => Number(y.value(place).toPrecision(3)) + (countsErrors ? '%' : '') },
      },
      series: scan.layers.map(layer => ({
        type: 'line',
        symbolSize: 5,
        lineStyle: { width: 1.5 },
        itemStyle: { color: colours.get(layer.tensor) },
        data: levels.map(level => {
          const i = layer.sparsities.indexOf(level);
          return i < 0 ? null : y.place(harms(layer)[i]);
        }),
      })),
    };
  }
}

function scanName(scan) {
  return `${scan.saliency}, ${scan.granularity}`;
}

function sensitivityTip(scan, level) {
  const rows = scan.layers.map(layer => [layer.tensor, harms(layer)[layer.sparsities.indexOf(level)]]).filter(([, harm]) => harm !== undefined);
  return el('div', { class: 'tip' },
    el('b', {}, `${Number((100 * level).toFixed(1))}%`), ' of one layer gone',
    el('dl', {}, ...rows.flatMap(([tensor, harm]) => [el('dt', {}, tensor), el('dd', {}, countsErrors ? `${harmText(harm)}% error` : `loss ${harmText(harm)}`)])));
}

function sensitivityTable(scan, levels) {
  const rows = scan.layers.map(layer => el('tr', {},
    el('th', { scope: 'row' }, layer.tensor),
    ...levels.map(level => {
      const harm = harms(layer)[layer.sparsities.indexOf(level)];
      return el('td', {}, harm === undefined ? '' : harmText(harm));
    })));
  return table(`${countsErrors ? 'Error %' : 'Loss'} by sparsity of one layer`, headRow('Layer', ...levels.map(level => `${Number((100 * level).toFixed(1))}%`)), rows);
}

/**
 * Points by which the teacher's error, or by how much its loss rises with this layer alone as sparse as the candidate has it, or undefined: if
 * the candidate's way of pruning was not measured, or takes whole units, of which the share of weights does not tell.
 */
function sensitivityOf(c, layer) {
  const prune = c.settings.filter(text => text.startsWith('Prune[')).at(-1);
  const [, saliency, granularity] = /\bsaliency=(\w+), granularity=([^,\]]+)/.exec(prune ?? '') ?? [];
  const scan = data.sensitivity.find(s => s.saliency === saliency?.toLowerCase() && s.granularity === granularity);
  const curve = scan?.layers.find(l => l.tensor === layer.tensor);
  if (!curve || granularity === 'unit') return undefined;
  const harm = harms(curve);
  return interpolated(curve.sparsities, harm, 1 - layer.nonzeros / layer.weights) - harm[0];
}

/** On straight lines between what was measured. */
function interpolated(xs, ys, x) {
  const next = xs.findIndex(other => other >= x);
  if (next <= 0) return next < 0 ? ys.at(-1) : ys[0];
  const share = (x - xs[next - 1]) / (xs[next] - xs[next - 1]);
  return ys[next - 1] + share * (ys[next] - ys[next - 1]);
}
