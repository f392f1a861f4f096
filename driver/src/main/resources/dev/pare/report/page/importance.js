/* How much each setting mattered: shares of variance. */

function showImportance() {
  const { effects, reason, candidates: count, omitted } = data.importance;
  if (!effects) {
    byId('importance').replaceChildren(el('p', { class: 'note' }, `Not available: ${reason}.`));
    return;
  }
  const rows = effects.map(({ settings, size, quality }) => el('tr', {},
    el('th', { scope: 'row', class: 'prose' }, settings.length > 0 ? settings.join(' × ') : 'other interactions, and chance'),
    el('td', { class: 'wide' }, bar([[size, 'part-1']]), bar([[quality, 'part-3']])),
    el('td', {}, explained(size)),
    el('td', {}, explained(quality))));
  byId('importance').replaceChildren(
    table(`Shares of the variance of log2(bytes) and of validation ${metric.name}`, headRow('Setting', '', marked('part-1', 'Size'), marked('part-3', capitalized(metric.name))), rows),
    el('p', { class: 'note' }, `Functional ANOVA over all combinations of values, from ${plural(count, 'measured candidate')}`
      + (omitted ? `; ${whole(omitted)} with a value that no other has are left out.` : '.')
      + ' A pair explains what neither does alone.'));
}

/** A name with the colour of its bars. */
function marked(tint, name) {
  const swatch = el('span', { class: 'swatch square' });
  swatch.style.background = `var(--${tint})`;
  return el('span', {}, swatch, name);
}

function explained(value) {
  return `${(100 * value).toFixed(1)}%`;
}
