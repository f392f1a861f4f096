/* What needs no choice: parts of files, times, failures, provenance. */

function showHeader() {
  byId('name').textContent = data.name;
  const kept = frontier.length - risingQuality(frontier).length;
  const omitted = data.tried - data.failed - candidates.length;
  byId('summary').textContent = `${data.asOf ? `${data.stopped ? 'The run stopped before its end' : 'While the sweep runs'}, at ${moment(data.asOf)}: ` : ''}${plural(data.tried, 'candidate')}${data.search === 'grid' ? '' : ` that ${data.search} chose`}, ${plural(frontier.length, 'file')} on the frontier`
    + (kept ? `, ${kept} of them for their multiply-adds` : '')
    + (data.failed ? `, ${plural(data.failed, 'failure')}.` : '.')
    + (omitted ? ` ${whole(omitted)} that are not on the frontier are left out here; the ledger has them.` : '');
  byId('facts').replaceChildren(...facts().map(([name, value, more]) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, value), el('dd', {}, more))));
}

function facts() {
  const list = [];
  const within = metric.unit === '%' ? frontier.find(c => c.loss <= 0.5 + 1e-9) : undefined;
  const equal = frontier.find(c => c.loss <= 1e-9);
  if (equal) list.push([`No ${metric.more ? 'less' : 'more'} ${metric.name} than the teacher`, size(equal.bytes), `${times(equal.ratio)} smaller, ${withUnit(equal.value)}`]);
  if (within && within !== equal) list.push(['At most half a point lost', size(within.bytes), `${times(within.ratio)} smaller, ${withUnit(within.value)}`]);
  if (frontier.length > 0) {
    const smallest = frontier[0];
    list.push(['Smallest', size(smallest.bytes), `${times(smallest.ratio)} smaller, ${withUnit(smallest.value)}`]);
  }
  list.push(['Teacher', size(teacher.bytes), `4 bytes a parameter, ${withUnit(teacher.value)}`]);
  return list;
}

/** Where latencies come from. */
function showLatency() {
  byId('latency').textContent = teacher.latency
    ? `Latency is the median time of ${plural(data.batch, 'example')} at once, on one thread of the machine that timed the files.`
    : '“pare latency” measures how long files take.';
}

function bar(shares) {
  return el('div', { class: 'bar', 'aria-hidden': 'true' }, ...shares.map(([share, name]) => {
    const part = el('i');
    part.style.width = `${100 * share}%`;
    part.style.background = `var(--${name})`;
    return part;
  }));
}

function showParts() {
  if (frontier.length === 0) {
    byId('parts').replaceChildren(el('p', { class: 'note' }, 'No file was measured.'));
    return;
  }
  const names = Object.keys(frontier[0].parts);
  const rows = frontier.map(c => el('tr', {},
    el('th', { scope: 'row' }, size(c.bytes)),
    el('td', { class: 'wide' },
      bar(names.map((name, i) => [c.parts[name] / c.bytes, `part-${i + 1}`])),
      el('span', { class: 'unseen' }, names.map(name => `${name} ${c.parts[name]}`).join(', ')))));
  byId('parts').replaceChildren(
    table('Shares of the frontier’s files by what they are for', headRow('File', ''), rows),
    el('ul', { class: 'legend' }, ...names.map((name, i) => {
      const swatch = el('span', { class: 'swatch square' });
      swatch.style.background = `var(--part-${i + 1})`;
      return el('li', {}, swatch, name);
    })));
}

function showStages() {
  const most = Math.max(...data.stages.map(s => s.unshared));
  const spent = data.stages.reduce((sum, s) => sum + s.seconds, 0);
  const unshared = data.stages.reduce((sum, s) => sum + s.unshared, 0);
  const rows = data.stages.map(s => el('tr', {},
    el('th', { scope: 'row' }, s.stage),
    el('td', { class: 'wide' }, bar([[s.seconds / most, 'part-1'], [(s.unshared - s.seconds) / most, 'rule']])),
    el('td', {}, whole(s.runs)),
    el('td', {}, duration(s.seconds)),
    el('td', {}, duration(s.unshared))));
  byId('stages').replaceChildren(
    table('Time on executors; what candidates share ran once', headRow('Stage', '', 'Runs', 'Time', 'Unshared'), rows),
    el('p', { class: 'note' }, `${duration(spent)} in all. Without sharing it would have been ${duration(unshared)}.`));
}

function showFailures() {
  if (data.failures.length === 0) {
    byId('failures').replaceChildren(el('p', { class: 'note' }, 'No candidate failed.'));
    return;
  }
  const rows = data.failures.map(f => el('tr', {},
    el('td', { class: 'prose' }, Object.entries(f.point).map(([name, value]) => `${name} ${value}`).join(', ')),
    el('td', { class: 'left' }, f.stage.toLowerCase()),
    el('td', { class: 'left' }, `${f.number} ${f.code.toLowerCase().replaceAll('_', ' ')}`),
    el('td', { class: 'prose' }, f.message)));
  const head = el('tr', {}, ...['Candidate', 'Stage', 'Code', 'Reason'].map(name => el('th', { scope: 'col', class: 'left' }, name)));
  byId('failures').replaceChildren(table('Candidates without a file, and why', head, rows));
}

function showProvenance() {
  const pairs = [['results', data.out], ...Object.entries(data.provenance).map(([name, values]) => [name, values.join(', ')])];
  byId('provenance').replaceChildren(...pairs.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  byId('configuration').textContent = data.configuration;
}
