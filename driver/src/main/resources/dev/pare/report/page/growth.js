/* How the frontier's hypervolume grew, in the order in which candidates were asked for. */

const growth = data.growth.map(([count, seconds, hypervolume]) => ({ candidates: count, seconds, hypervolume }));

class GrowthChart {
  #box = byId('growth-chart');
  #choice = byId('growth-by');
  #chart;

  constructor() {
    byId('growth').hidden = growth.length === 0;
    if (growth.length === 0) return;
    byId('growth-note').textContent = growthNote();
    this.#choice.addEventListener('input', () => this.draw());
    this.#chart = echarts.init(this.#box, null, { renderer: 'svg' });
    new ResizeObserver(() => this.#chart.resize()).observe(this.#box);
  }

  draw() {
    if (!this.#chart) return;
    const by = this.#choice.value;
    const label = { color: colour('quiet'), fontSize: 12 };
    const counts = by === 'candidates';
    const [unit, seconds] = counts ? ['', 1] : timeUnit(growth.at(-1).seconds);
    this.#box.setAttribute('aria-label', `Hypervolume of the frontier by ${counts ? 'candidates' : 'slot time'}. ${growthNote()}`);
    this.#chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 48, right: 24, top: 16, bottom: 48 },
      tooltip: {
        trigger: 'axis',
        confine: true,
        backgroundColor: colour('paper'),
        borderColor: colour('rule'),
        textStyle: { color: colour('text') },
        formatter: ([point]) => growthTip(growth[point.dataIndex - 1]),
      },
      xAxis: {
        type: 'value',
        min: 0,
        max: growth.at(-1)[by] / seconds,
        name: counts ? 'Candidates' : `Slot time, ${unit}`,
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: { color: colour('quiet'), fontSize: 13 },
        axisLine: { lineStyle: { color: colour('quiet') } },
        splitLine: { show: false },
        axisLabel: { ...label, hideOverlap: true, showMaxLabel: false },
      },
      yAxis: {
        type: 'value',
        min: 0,
        axisLine: { show: false },
        splitLine: { lineStyle: { color: colour('rule') } },
        axisLabel: label,
      },
      series: [{
        id: 'growth',
        type: 'line',
        step: 'end',
        symbol: 'none',
        lineStyle: { color: colour('accent'), width: 1.5 },
        itemStyle: { color: colour('accent') },
        data: [[0, 0], ...growth.map(step => [step[by] / seconds, step.hypervolume])],
      }],
    }, true);
  }
}

/** A unit for an axis of so many seconds, and how many it has. */
function timeUnit(seconds) {
  return seconds < 120 ? ['seconds', 1] : seconds < 7200 ? ['minutes', 60] : ['hours', 3600];
}

/** When most of it was there. */
function growthNote() {
  const last = growth.at(-1);
  const after = share => {
    const step = growth.find(s => s.hypervolume >= share * last.hypervolume);
    return `${100 * share}% after ${plural(step.candidates, 'candidate')} and ${duration(step.seconds)}`;
  };
  return `Hypervolume ${last.hypervolume.toFixed(3)} after ${plural(last.candidates, 'candidate')} and ${duration(last.seconds)} on executors: `
    + `${after(0.5)}, ${after(0.95)}. Candidates in the order of asking; what they share counts once, and what the store had counts with what it took.`;
}

function growthTip(step) {
  return el('div', { class: 'tip' }, el('b', {}, step ? step.hypervolume.toFixed(3) : '0'),
    ...(step ? [el('dl', {}, el('dt', {}, 'candidates'), el('dd', {}, whole(step.candidates)), el('dt', {}, 'slot time'), el('dd', {}, duration(step.seconds)))] : []));
}
