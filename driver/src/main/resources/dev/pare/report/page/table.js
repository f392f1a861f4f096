/* The candidates as a table: all that the charts show, for readers who cannot see or point. */

/** Whether files hold an origin: then what the same weights take without it stands beside their size. */
const ofOrigins = candidates.some(c => c.bytes_with_origin != null);

/** Whether settings were trained several times, with other random choices. */
const ofRuns = candidates.some(c => c.runs);

/** Whether it is known what the frontier's files were chosen among. */
const ofChoice = candidates.some(c => c.selection);

/** Whether files were attacked. */
const ofAttacks = candidates.some(c => c.robust_error != null);

/** Rows at first; the rest is a button away. */
const FIRST_ROWS = 100;

const percent = share => (100 * share).toFixed(2);

class CandidateTable {
  #box;
  #onPick;
  #state;
  #sorted = { name: 'size', down: false };
  #all = false;
  #columns;

  constructor(box, onPick) {
    this.#box = box;
    this.#onPick = onPick;
    this.#columns = [
      { name: 'size', text: c => size(c.bytes), rank: c => c.bytes },
      ...(ofOrigins ? [{ name: 'without origin', text: c => c.bytes_without_origin == null ? '' : size(c.bytes_without_origin), rank: c => c.bytes_without_origin ?? Infinity }] : []),
      { name: 'smaller', text: c => times(c.ratio), rank: c => c.ratio },
      { name: titleOf('validation'), text: c => interval(c.validation), rank: c => c.value },
      { name: titleOf('test'), text: c => c.test ? interval(c.test) : '', rank: c => c.test ? c.test.value : Infinity },
      ...(ofChoice ? [{ name: 'after choice %', text: c => c.selection ? percent(c.selection.error) : '', rank: c => c.selection ? c.selection.error : Infinity }] : []),
      ...(ofAttacks ? [{ name: 'robust error %', text: c => c.robust_error == null ? '' : percent(c.robust_error), rank: c => c.robust_error ?? Infinity }] : []),
      ...(ofRuns ? [{ name: 'mean of runs', text: c => c.runs ? `${interval(c.runs)} of ${c.runs.count}` : '', rank: c => c.runs ? c.runs.value : Infinity }] : []),
      ...(teacher.latency ? [{ name: 'latency', text: c => c.latency ? millis(c.latency[1]) : '', rank: c => c.latency?.[1] ?? Infinity }] : []),
      { name: 'nonzero', text: c => whole(c.nonzero_weights), rank: c => c.nonzero_weights },
      ...dimensions.map(({ name, numeric }) => ({ name, text: c => c.point[name] ?? '', rank: c => numeric ? Number(c.point[name] ?? Infinity) : c.point[name] ?? '' })),
    ];
  }

  draw(state) {
    this.#state = state;
    const focused = document.activeElement?.dataset?.focus;
    const rows = candidates.filter(c => state.shows(c) && (c.file || !byId('frontier-only').checked));
    this.#sort(rows);
    const some = this.#all ? rows : rows.slice(0, FIRST_ROWS);
    this.#box.replaceChildren(
      table(`${plural(rows.length, 'candidate')}; ${data.asOf ? 'test data are read at the end, for the frontier alone' : 'test data were read for the frontier alone'}`, this.#head(), [...some.map(c => this.#row(c)), this.#teacher()]),
      ...(some.length < rows.length ? [this.#more(rows.length)] : []));
    // The rows are new ones; whoever was at a button of theirs stays there.
    if (focused) [...this.#box.querySelectorAll('[data-focus]')].find(e => e.dataset.focus === focused)?.focus();
  }

  #sort(rows) {
    const { rank } = this.#columns.find(column => column.name === this.#sorted.name);
    const way = this.#sorted.down ? -1 : 1;
    rows.sort((a, b) => way * (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
  }

  #head() {
    return el('tr', {}, el('th', { scope: 'col' }, el('span', { class: 'unseen' }, 'Compare')),
      ...this.#columns.map(({ name }) => {
        const by = this.#sorted.name === name;
        return el('th', { scope: 'col', 'aria-sort': by ? (this.#sorted.down ? 'descending' : 'ascending') : undefined },
          el('button', { type: 'button', 'data-focus': `sort ${name}`, onclick: () => this.#sortBy(name) },
            name, by ? (this.#sorted.down ? ' ↓' : ' ↑') : ''));
      }));
  }

  #sortBy(name) {
    this.#sorted = { name, down: this.#sorted.name === name && !this.#sorted.down };
    this.draw(this.#state);
  }

  #row(c) {
    const chosen = this.#state.compared.includes(c);
    return el('tr', { class: chosen ? 'chosen' : c.file ? undefined : 'other' },
      el('td', {}, el('button', {
        type: 'button',
        class: ['first', 'second'][this.#state.compared.indexOf(c)],
        'aria-pressed': String(chosen),
        'aria-label': `Compare ${size(c.bytes)}, ${c.label}`,
        'data-focus': c.key,
        onclick: () => this.#onPick(c),
      }, chosen ? 'AB'[this.#state.compared.indexOf(c)] : 'Compare')),
      ...this.#columns.map(({ text }) => el('td', {}, text(c))));
  }

  #teacher() {
    const cells = ['teacher', size(teacher.bytes), ...(ofOrigins ? [''] : []), '1.0×', interval(teacher.validation), teacher.test ? interval(teacher.test) : '', ...(ofChoice ? [''] : []), ...(ofAttacks ? [''] : []), ...(ofRuns ? [''] : []), ...(teacher.latency ? [millis(teacher.latency[1])] : []), '', ...dimensions.map(() => '')];
    return el('tr', { class: 'other' }, ...cells.map(text => el('td', {}, text)));
  }

  #more(count) {
    return el('p', { class: 'note' }, el('button', {
      type: 'button',
      onclick: () => {
        this.#all = true;
        this.draw(this.#state);
      },
    }, `Show all ${count}`));
  }
}
