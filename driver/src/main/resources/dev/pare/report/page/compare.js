/* Two candidates side by side, down to each layer. */

function showCompared(box, compared, onRemove) {
  if (compared.length === 0) {
    box.replaceChildren(el('p', { class: 'empty' }, 'Click two dots of the frontier, or Compare in the table below.'));
    return;
  }
  const names = el('tr', {}, el('th', { scope: 'col' }, el('span', { class: 'unseen' }, 'Property')),
    ...compared.map((c, i) => el('th', { scope: 'col' }, tag(i), `${size(c.bytes)} `,
      el('button', { type: 'button', class: 'plain', 'aria-label': `Remove ${'AB'[i]} from the comparison`, onclick: () => onRemove(c) }, '×'))));
  box.replaceChildren(
    ...(compared.length < 2 ? [el('p', { class: 'note' }, 'Choose a second one to compare it with.')] : []),
    el('div', { class: 'beside' },
      table(compared.length < 2 ? 'Settings and results' : 'Settings and results; the better is bold', names, resultRows(compared)),
      layers(compared)),
    ...classTables(compared),
    ...compared.map((c, i) => el('details', {},
      el('summary', {}, `All settings of ${'AB'[i]}`),
      el('pre', { tabindex: 0 }, [...c.settings, `key ${c.key}`, `sha256 ${c.sha256}`].join('\n')))));
}

function tag(i) {
  return el('span', { class: i === 0 ? 'tag' : 'tag b' }, 'AB'[i]);
}

function resultRows(compared) {
  const settings = dimensions.map(({ name }) => row(name, compared, c => c.point[name] ?? ''));
  return [
    ...settings,
    row('size', compared, c => whole(c.bytes) + ' B', c => c.bytes),
    ...originRows(compared),
    row('times smaller', compared, c => times(c.ratio)),
    row('nonzero weights', compared, c => whole(c.nonzero_weights)),
    row('nonzero activations %', compared, c => (100 * c.activation_density).toFixed(1)),
    row('multiply-adds', compared, c => whole(c.multiply_adds), c => c.multiply_adds),
    row('of nonzeros alone', compared, c => whole(c.effective_multiply_adds), c => c.effective_multiply_adds),
    ...(compared.some(c => c.latency) ? [row('latency', compared, c => c.latency ? millis(c.latency[1]) : '', c => c.latency?.[1] ?? Infinity)] : []),
    row(titleOf('validation'), compared, c => interval(c.validation), c => metric.more ? -c.value : c.value),
    ...(compared.some(c => c.test) ? [row(titleOf('test'), compared, c => c.test ? interval(c.test) : '')] : []),
    ...(compared.some(c => c.selection) ? [row('after choice %', compared, c => c.selection ? percent(c.selection.error) : '')] : []),
    ...(compared.some(c => c.robust_error != null) ? [row('robust error %', compared, c => c.robust_error == null ? '' : percent(c.robust_error), c => c.robust_error ?? Infinity)] : []),
    ...(compared.some(c => c.card) ? [row('model card', compared, c => c.card ? cardLink(c) : '')] : []),
    ...Object.keys(compared[0].parts).map(part => row(`bytes of ${part}`, compared, c => whole(c.parts[part]))),
  ];
}

/** The same weights with and without the origin, where that is known. */
function originRows(compared) {
  const known = (name, of) => (compared.some(c => of(c) != null)
    ? [row(name, compared, c => of(c) == null ? '' : whole(of(c)) + ' B')] : []);
  return [...known('with the origin', c => c.bytes_with_origin), ...known('without the origin', c => c.bytes_without_origin)];
}

/** A row; where a rank is given, the least of several is the better one. */
function row(name, compared, text, rank) {
  const ranks = rank ? compared.map(rank) : [];
  const best = Math.min(...ranks);
  const differ = new Set(ranks).size > 1;
  return el('tr', {}, el('th', { scope: 'row' }, name),
    ...compared.map((c, i) => el('td', { class: differ && ranks[i] === best ? 'better' : undefined }, text(c))));
}

function layers(compared) {
  const tensors = [...new Set(compared.flatMap(c => c.layers.map(layer => layer.tensor)))];
  if (tensors.length === 0) {
    return el('p', { class: 'note' }, 'The ledger was written before Pare kept sizes of layers; run the sweep again to have them.');
  }
  const measured = data.sensitivity.length > 0;
  const head = el('tr', {}, ...['Layer', '', 'Kept shape', 'Held as', 'Values', 'Density', 'Bits a weight', 'Bytes', ...(measured ? ['Sensitivity'] : [])]
    .map((name, i) => el('th', { scope: 'col', class: i === 3 ? 'left' : undefined }, name)));
  const rows = tensors.flatMap(tensor => layerRows(tensor, compared));
  return table('Layer by layer; density and bits are against the weights before compression'
    + (measured ? `. Sensitivity: ${sensitivityUnit()} more with that layer alone as sparse, nothing trained` : ''), head, rows);
}

/** One tensor's rows, a candidate each, under one name. */
function layerRows(tensor, compared) {
  const held = compared.map((c, i) => [c.layers.find(layer => layer.tensor === tensor), i]).filter(([layer]) => layer);
  return held.map(([layer, i], at) => el('tr', { class: at + 1 < held.length ? 'open' : undefined },
    ...(at === 0 ? [el('th', { scope: 'rowgroup', rowspan: held.length }, tensor)] : []),
    ...layerCells(compared[i], layer, i)));
}

function layerCells(c, layer, i) {
  const rise = sensitivityOf(c, layer);
  return [
    el('td', {}, tag(i)),
    el('td', {}, `${layer.rows} × ${layer.columns}`),
    el('td', { class: 'left' }, layer.representation),
    el('td', {}, whole(layer.distinct)),
    el('td', {}, `${(100 * layer.nonzeros / layer.weights).toFixed(2)}%`),
    el('td', {}, (8 * layer.bytes / layer.weights).toFixed(3)),
    el('td', {}, whole(layer.bytes)),
    ...(data.sensitivity.length > 0 ? [el('td', {}, rise === undefined ? '' : signed(rise, 2))] : []),
  ];
}
