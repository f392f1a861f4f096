/* What the frontier gained or lost since the run before; the section is hidden if there was none. */

const earlier = data.earlier && {
  ...data.earlier,
  before: data.earlier.before.map(dated),
  after: data.earlier.after.map(dated),
};

function dated(file) {
  return {
    ...file,
    value: file.validation.value,
    label: Object.entries(file.point).map(([name, value]) => `${name} ${value}`).join(', '),
  };
}

const TESTS = {
  paired: 'Both runs were measured on the same validation examples: files are compared by McNemar’s exact test.',
  intervals: 'Files are compared by their 95% intervals, as if the validation examples were others.',
  unpaired: 'The validation examples were others: files are compared by Fisher’s exact test.',
};

function showEarlier() {
  byId('earlier').hidden = !earlier;
  if (!earlier) return;
  byId('earlier-title').textContent = `Since the run of ${moment(earlier.ended)}`;
  byId('earlier-note').textContent = `${TESTS[earlier.method]} A difference counts if chance makes one as large in less than `
    + `${100 * earlier.significance}% of all frontiers (Holm’s correction). Sizes within ${100 * earlier.slack}% count as one. `
    + `The hypervolume is the area, over log2(bytes) and ${metric.name}, by which a frontier is better than the teacher’s floats and guessing.`;
  byId('earlier-facts').replaceChildren(...changes().map(([name, value, more]) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, value), el('dd', {}, more))));
  const changed = earlier.budgets.filter(b => b.verdict !== 'same');
  const all = earlier.budgets.length;
  byId('earlier-budgets').replaceChildren(
    changed.length > 0
      ? budgets(`${plural(changed.length, 'size')} of ${all} changed beyond chance`, changed)
      : el('p', { class: 'empty' }, `No size of ${all} has changed beyond chance.`),
    el('details', {}, el('summary', {}, 'Every size'), budgets('The best files within each size, then and now', earlier.budgets)));
}

/** To the minute, as the run's folder is named. */
function moment(iso) {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

function changes() {
  const [before, after] = earlier.hypervolume;
  const count = verdict => earlier.budgets.filter(b => b.verdict === verdict).length;
  const keys = files => new Set(files.map(file => file.key));
  const [old, now] = [keys(earlier.before), keys(earlier.after)];
  const kept = [...now].filter(key => old.has(key)).length;
  const share = before > 0 ? `, ${signed(100 * (after / before - 1), 2)}%` : '';
  return [
    ['Hypervolume', after.toFixed(2), `was ${before.toFixed(2)}${share}`],
    [`Sizes with ${metric.more ? 'more' : 'less'} ${metric.name}`, whole(count('better')), `${whole(count('worse'))} with ${metric.more ? 'less' : 'more'}, ${whole(count('same'))} the same within chance`],
    ['Sizes gained', whole(count('gained')), `${whole(count('lost'))} lost`],
    ['New files', whole(now.size - kept), `${whole(old.size - kept)} gone, ${whole(kept)} kept`],
  ];
}

function signed(number, digits) {
  return signedText(number, number.toFixed(digits));
}

function signedText(number, text) {
  return Number(text) > 0 ? `+${text}` : Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

function budgets(caption, list) {
  const head = el('tr', {}, ...['Within', '', `${capitalized(metric.name)} before ${metric.unit}`.trim(), `${capitalized(metric.name)} now ${metric.unit}`.trim(), 'Change', 'p', 'File before', 'File now']
    .map((name, i) => el('th', { scope: 'col', class: i === 1 || i > 5 ? 'left' : undefined }, name || el('span', { class: 'unseen' }, 'Verdict'))));
  return table(caption, head, list.map(budgetRow));
}

function budgetRow(budget) {
  const before = earlier.before[budget.before];
  const after = earlier.after[budget.after];
  const compared = before && after && before.key !== after.key;
  return el('tr', {},
    el('th', { scope: 'row' }, size(budget.bytes)),
    el('td', { class: `left ${budget.verdict}` }, budget.verdict),
    el('td', {}, before ? shown(before.value) : '–'),
    el('td', {}, after ? shown(after.value) : '–'),
    el('td', {}, before && after ? signedText(after.value - before.value, shown(after.value - before.value)) : ''),
    el('td', {}, compared ? (budget.p < 0.001 ? '< 0.001' : budget.p.toFixed(3)) : ''),
    el('td', { class: 'prose' }, before ? before.label : ''),
    el('td', { class: 'prose' }, after ? (before && before.key === after.key ? 'the same file' : after.label) : ''));
}

function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** Whether there is anything to see of the earlier frontier beside this one. */
function earlierDiffers() {
  const keys = new Set(frontier.map(c => c.key));
  return Boolean(earlier) && (earlier.before.length !== keys.size || earlier.before.some(file => !keys.has(file.key)));
}
