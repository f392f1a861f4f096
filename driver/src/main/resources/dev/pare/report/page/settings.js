/* Parallel coordinates: what the settings have to do with size and with what files are judged by. */

class SettingsChart {
  #chart;
  #rows = [];
  #kept = null;
  #onChange;

  constructor(box, onChange) {
    this.#onChange = onChange;
    this.#chart = echarts.init(box, null, { renderer: 'svg' });
    this.#chart.on('axisareaselected', () => this.#selected());
    new ResizeObserver(() => this.#chart.resize()).observe(box);
  }

  /** Whether a candidate passes where the axes were dragged over. */
  shows(c) {
    return this.#kept === null || this.#kept.has(c);
  }

  get active() {
    return this.#kept !== null;
  }

  reset() {
    this.#kept = null;
  }

  draw(shown) {
    this.#kept = null;
    // The frontier last, so that it lies on top.
    this.#rows = shown.toSorted((a, b) => Boolean(a.file) - Boolean(b.file));
    const axes = dimensions.filter(d => d.values.length > 1);
    const sizes = sizeAxis(4);
    const values = valueAxis();
    // Labels lie among the lines: a rim of the background keeps them legible.
    const axisLabel = { color: colour('text'), fontSize: 12, textBorderColor: colour('paper'), textBorderWidth: 3 };
    this.#chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      parallel: {
        left: 40, right: 56, top: 36, bottom: 16,
        parallelAxisDefault: {
          z: 5,
          nameTextStyle: { color: colour('text'), fontSize: 13 },
          nameGap: 14,
          axisLine: { lineStyle: { color: colour('others') } },
          axisTick: { show: false },
          axisLabel,
          areaSelectStyle: { borderColor: colour('accent'), color: colour('accent'), opacity: 0.25 },
        },
      },
      parallelAxis: [
        ...axes.map((d, dim) => ({ dim, name: d.name, ...spread(d) })),
        { dim: axes.length, name: 'size', ...scaled(sizes, roundSize) },
        { dim: axes.length + 1, name: metric.name, ...scaled(values, value => `${Number(value.toPrecision(3))}${metric.unit}`) },
      ],
      series: [{
        type: 'parallel',
        smooth: 0.15,
        inactiveOpacity: 0.06,
        lineStyle: { width: 1 },
        data: this.#rows.map(c => ({
          value: [...axes.map(d => coordinate(d, c)), sizes.place(c.bytes), values.place(c.value)],
          lineStyle: c.file
            ? { color: colour('accent'), opacity: 0.9, width: 1.6 }
            : { color: colour('others'), opacity: 0.45, width: 1 },
        })),
      }],
    }, true);
  }

  #selected() {
    const series = this.#chart.getModel().getSeriesByIndex(0);
    const active = series.getRawIndicesByActiveState('active');
    const inactive = series.getRawIndicesByActiveState('inactive');
    this.#kept = inactive.length === 0 ? null : new Set(active.map(i => this.#rows[i]));
    this.#onChange();
  }
}

/** Few values at equal distances, many numbers at their own. */
function spread(dimension) {
  return byNumber(dimension)
    ? { type: 'value', scale: true }
    : { type: 'category', data: dimension.values };
}

function byNumber(dimension) {
  return dimension.numeric && dimension.values.length > MOST_CHIPS;
}

function coordinate(dimension, c) {
  const value = c.point[dimension.name];
  return value === undefined ? '-' : byNumber(dimension) ? Number(value) : value;
}

function scaled(scale, format) {
  return {
    type: 'value',
    min: scale.min,
    max: scale.max,
    axisLabel: { customValues: scale.ticks.map(scale.place), formatter: place => format(scale.value(place)) },
  };
}
