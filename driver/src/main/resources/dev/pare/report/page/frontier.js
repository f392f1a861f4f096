/* The chart of sizes and of what files are judged by. Axes are linear to the library, of logarithms where that shows more. */

const TICKS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.5, 2, 3, 4, 5, 6, 8], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]];

/** An axis of factors: where a value lies, and round values within. */
function factors(least, most, fewest) {
  const room = Math.max(1.1, (most / least) ** 0.05);
  const low = least / room;
  const high = most * room;
  let ticks = [];
  for (const steps of TICKS) {
    ticks = powers(steps, low, high);
    if (ticks.length >= fewest) break;
  }
  return { min: Math.log10(low), max: Math.log10(high), ticks, place: value => Math.log10(Math.max(value, low)), value: place => 10 ** place };
}

function powers(steps, low, high) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    ticks.push(...steps.map(step => step * 10 ** power).filter(tick => tick >= low && tick <= high));
  }
  return ticks;
}

/** An axis of differences from zero. */
function differences(most) {
  const high = most > 0 ? 1.08 * most : 1;
  const power = 10 ** Math.floor(Math.log10(high / 5));
  const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= high / 5);
  const ticks = Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => i * step);
  return { min: 0, max: high, ticks, place: value => value, value: place => place };
}

/** An axis of differences that need not begin at zero. */
function range(least, most) {
  const room = most > least ? 0.06 * (most - least) : Math.max(1e-6, Math.abs(most) / 10);
  const [low, high] = [least - room, most + room];
  const power = 10 ** Math.floor(Math.log10((high - low) / 5));
  const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= (high - low) / 5);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(i * step);
  return { min: low, max: high, ticks, place: value => value, value: place => place };
}

function sizeAxis(fewest) {
  const bytes = [...candidates, ...(earlier?.before ?? []), ...data.published].map(c => c.bytes);
  return factors(Math.min(...bytes), Math.max(...bytes), fewest);
}

function valueAxis() {
  const ends = [teacher, ...frontier].flatMap(c => [c.validation.low, c.validation.high]);
  const values = [...ends, ...[...candidates, ...(earlier?.before ?? []), ...data.published].map(c => c.value)];
  const least = Math.min(...values);
  const most = Math.max(...values);
  if (metric.more) return range(least, most);
  return least > 0 && most > 2 * least ? factors(least, most, 4) : differences(most);
}

class FrontierChart {
  #chart;
  #box;
  #x;
  #y;
  #shown = [];
  #at = -1;
  #onPick;
  #onPoint;

  /** Calls onPick with a candidate that is clicked, onPoint with one that is reached by keyboard. */
  constructor(box, onPick, onPoint) {
    this.#box = box;
    this.#onPick = onPick;
    this.#onPoint = onPoint;
    box.setAttribute('aria-label',
      `Validation ${metric.name} against file size of ${plural(candidates.length, 'candidate')}, `
      + `${frontier.length} on the frontier. Arrow keys move through them, Enter chooses one to compare. `
      + 'The table of candidates has the same values.');
    this.#chart = echarts.init(box, null, { renderer: 'svg' });
    this.#chart.on('click', event => event.data?.candidate && onPick(event.data.candidate));
    box.addEventListener('keydown', event => this.#key(event));
    box.addEventListener('blur', () => this.#leave());
    new ResizeObserver(() => this.#resize()).observe(box);
  }

  draw(state) {
    this.#shown = candidates.filter(state.shows);
    this.#at = -1;
    const narrow = this.#box.clientWidth < 560;
    this.#x = sizeAxis(narrow ? 3 : 5);
    this.#y = valueAxis();
    this.#chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: narrow ? 44 : 56, right: 16, top: 16, bottom: 48 },
      tooltip: this.#tooltip(),
      xAxis: this.#axis(this.#x, 'Size of the whole file', roundSize, narrow ? 28 : 30, false),
      yAxis: this.#axis(this.#y, '', value => `${Number(value.toPrecision(3))}${metric.unit}`, 0, true),
      series: [this.#others(state), this.#steps(), this.#intervals(), this.#best(state), this.#budget(state), this.#earlier(state), this.#published()],
    }, true);
  }

  #resize() {
    this.#chart.resize();
  }

  #axis(scale, name, format, nameGap, rules) {
    const places = scale.ticks.map(scale.place);
    return {
      type: 'value',
      min: scale.min,
      max: scale.max,
      name,
      nameLocation: 'middle',
      nameGap,
      nameTextStyle: { color: colour('quiet'), fontSize: 13 },
      axisLine: { show: !rules, onZero: false, lineStyle: { color: colour('quiet') } },
      axisTick: { show: !rules, customValues: places, lineStyle: { color: colour('quiet') } },
      splitLine: { show: rules, customValues: places, lineStyle: { color: colour('rule') } },
      axisLabel: { customValues: places, color: colour('quiet'), fontSize: 12, hideOverlap: true, formatter: place => format(scale.value(place)) },
    };
  }

  #tooltip() {
    return {
      trigger: 'item',
      confine: true,
      backgroundColor: colour('paper'),
      borderColor: colour('rule'),
      textStyle: { color: colour('text') },
      formatter: event => {
        if (event.data?.candidate) return tip(event.data.candidate);
        return event.data?.published ? publishedTip(event.data.published) : '';
      },
    };
  }

  #dot(c, fallback, state) {
    const chosen = state.compared.indexOf(c);
    return {
      value: [this.#x.place(c.bytes), this.#y.place(c.value)],
      candidate: c,
      itemStyle: {
        color: state.tint ? state.tint(c) : colour(fallback),
        borderColor: colour('paper'),
        borderWidth: 1,
        opacity: 1,
      },
      ...(chosen < 0 ? {} : this.#chosen(chosen)),
    };
  }

  /** A dot that is compared carries its letter. */
  #chosen(i) {
    return {
      symbolSize: 20,
      itemStyle: { color: colour(i === 0 ? 'first' : 'second'), borderColor: colour('paper'), borderWidth: 2, opacity: 1 },
      label: { show: true, formatter: 'AB'[i], color: colour('paper'), fontSize: 12, fontWeight: 'bold' },
    };
  }

  #others(state) {
    return {
      id: 'others',
      type: 'scatter',
      symbolSize: 8,
      z: 3,
      cursor: 'pointer',
      emphasis: { scale: 1.6 },
      data: this.#shown.filter(c => !c.file).map(c => this.#dot(c, 'others', state)),
      markArea: this.#area(teacher.validation.low, teacher.validation.high, 'teacher-soft'),
      markLine: {
        silent: true,
        symbol: 'none',
        lineStyle: { color: colour('teacher'), type: 'dashed', width: 1.5 },
        label: { position: 'insideStartTop', color: colour('teacher'), textBorderColor: colour('teacher-soft'), textBorderWidth: 3, fontSize: 12, formatter: `teacher ${withUnit(teacher.value)}, ${size(teacher.bytes)}` },
        data: [{ yAxis: this.#y.place(teacher.value) }],
      },
    };
  }

  #area(low, high, name) {
    return {
      silent: true,
      itemStyle: { color: colour(name) },
      data: [[{ yAxis: this.#y.place(low) }, { yAxis: this.#y.place(high) }]],
    };
  }

  /** What can be had for at most so many bytes stays until a better file fits. */
  #steps() {
    return {
      id: 'steps',
      type: 'line',
      step: 'end',
      symbol: 'none',
      silent: true,
      z: 4,
      lineStyle: { color: colour('accent'), width: 1.5 },
      data: risingQuality(frontier).map(c => [this.#x.place(c.bytes), this.#y.place(c.value)]),
    };
  }

  /** The frontier of the run before, beneath this one. */
  #earlier(state) {
    const files = state.showsEarlier ? risingQuality(earlier.before) : [];
    return {
      id: 'earlier',
      type: 'line',
      step: 'end',
      symbol: 'circle',
      symbolSize: 5,
      silent: true,
      z: 3,
      lineStyle: { color: colour('quiet'), width: 1.5, type: 'dotted' },
      itemStyle: { color: colour('quiet') },
      data: files.map(file => [this.#x.place(file.bytes), this.#y.place(file.value)]),
    };
  }

  /** Results from elsewhere, with their names. */
  #published() {
    return {
      id: 'published',
      type: 'scatter',
      symbol: 'diamond',
      symbolSize: 10,
      z: 6,
      cursor: 'default',
      itemStyle: { color: 'transparent', borderColor: colour('text'), borderWidth: 1.5 },
      label: { show: true, color: colour('text'), textBorderColor: colour('paper'), textBorderWidth: 2, fontSize: 11, width: 180, overflow: 'truncate', formatter: event => event.data.published.name },
      labelLayout: { hideOverlap: true },
      data: data.published.map(result => {
        const x = this.#x.place(result.bytes);
        const side = x < (this.#x.min + 2 * this.#x.max) / 3 ? 'right' : 'left';
        return { value: [x, this.#y.place(result.value)], published: result, label: { position: side } };
      }),
    };
  }

  #intervals() {
    const rows = this.#shown.filter(c => c.file);
    const ends = rows.map(c => [
      this.#x.place(c.bytes),
      this.#y.place(c.validation.high),
      this.#y.place(c.validation.low),
    ]);
    return {
      id: 'intervals',
      type: 'custom',
      silent: true,
      z: 4,
      encode: { x: 0, y: [1, 2] },
      data: ends,
      renderItem: (_, api) => {
        const [x, top] = api.coord([api.value(0), api.value(1)]);
        const [, bottom] = api.coord([api.value(0), api.value(2)]);
        const style = { stroke: colour('accent'), lineWidth: 1, opacity: 0.55, fill: 'none' };
        const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
        return { type: 'group', children: [line(x, top, x, bottom), line(x - 3, top, x + 3, top), line(x - 3, bottom, x + 3, bottom)] };
      },
    };
  }

  #best(state) {
    return {
      id: 'best',
      type: 'scatter',
      symbolSize: 11,
      z: 5,
      cursor: 'pointer',
      emphasis: { scale: 1.5 },
      data: this.#shown.filter(c => c.file).map(c => this.#dot(c, 'accent', state)),
    };
  }

  /** A ring around the file that the budget chose. */
  #budget(state) {
    const c = state.budgeted;
    return {
      id: 'budget',
      type: 'scatter',
      silent: true,
      z: 2,
      symbolSize: 22,
      itemStyle: { color: 'transparent', borderColor: colour('teacher'), borderWidth: 2 },
      data: c ? [[this.#x.place(c.bytes), this.#y.place(c.value)]] : [],
    };
  }

  #key(event) {
    const last = this.#shown.length - 1;
    const steps = {
      ArrowRight: () => Math.min(this.#at + 1, last),
      ArrowLeft: () => Math.max(this.#at - 1, 0),
      Home: () => 0,
      End: () => last,
    };
    if (last >= 0 && event.key in steps) {
      event.preventDefault();
      this.#go(steps[event.key]());
    } else if ((event.key === 'Enter' || event.key === ' ') && this.#at >= 0) {
      event.preventDefault();
      const at = this.#at;
      this.#onPick(this.#shown[at]);
      this.#go(at);
    } else if (event.key === 'Escape') {
      this.#leave();
    }
  }

  #go(at) {
    this.#leave();
    this.#at = at;
    const c = this.#shown[at];
    const place = this.#place(c);
    this.#chart.dispatchAction({ type: 'highlight', ...place });
    this.#chart.dispatchAction({ type: 'showTip', ...place });
    this.#onPoint(c);
  }

  #leave() {
    if (this.#at >= 0) this.#chart.dispatchAction({ type: 'downplay', ...this.#place(this.#shown[this.#at]) });
    this.#chart.dispatchAction({ type: 'hideTip' });
    this.#at = -1;
  }

  #place(c) {
    const same = this.#shown.filter(other => Boolean(other.file) === Boolean(c.file));
    return { seriesId: c.file ? 'best' : 'others', seriesIndex: c.file ? 3 : 0, dataIndex: same.indexOf(c) };
  }
}

/** A round size without digits that are not needed. */
function roundSize(bytes) {
  const [number, unit] = size(bytes).split(' ');
  return `${Number(number)} ${unit}`;
}

function publishedTip(result) {
  return el('div', { class: 'tip' }, el('b', {}, size(result.bytes)), ` ${result.name}`,
    el('dl', {}, el('dt', {}, metric.name), el('dd', {}, withUnit(result.value))));
}

/** What hovering tells; elements, so that no setting is taken for markup. */
function tip(c) {
  const pairs = [
    [`validation ${metric.name}`, interval(c.validation) + metric.unit],
    ...(c.test ? [[`test ${metric.name}`, interval(c.test) + metric.unit]] : []),
    ...Object.entries(c.point),
    ...(c.latency ? [['latency', millis(c.latency[1])]] : []),
    ['nonzero weights', whole(c.nonzero_weights)],
    ['multiply-adds', `${whole(c.multiply_adds)}, of nonzeros ${whole(c.effective_multiply_adds)}`],
    ['time', duration(Object.values(c.seconds).reduce((sum, s) => sum + s, 0))],
  ];
  return el('div', { class: 'tip' },
    el('b', {}, size(c.bytes)), ` ${times(c.ratio)} smaller`, c.file ? ', on the frontier' : '',
    el('dl', {}, ...pairs.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])));
}
