/* Which candidates are shown. */

/** Beyond so many values of a number, ends of a range are asked for instead. */
const MOST_CHIPS = 12;

class Filters {
  #box;
  #onChange;
  #tests = new Map();

  constructor(box, onChange) {
    this.#box = box;
    this.#onChange = onChange;
    this.#build();
  }

  shows(c) {
    return [...this.#tests].every(([name, test]) => test(c.point[name]));
  }

  get active() {
    return this.#tests.size > 0;
  }

  reset() {
    this.#tests.clear();
    this.#build();
    this.#onChange();
  }

  #build() {
    this.#box.replaceChildren(...dimensions
      .filter(dimension => dimension.values.length > 1)
      .map(dimension => el('fieldset', {},
        el('legend', {}, dimension.name),
        ...(dimension.numeric && dimension.values.length > MOST_CHIPS ? this.#range(dimension) : this.#chips(dimension)))));
  }

  #chips({ name, values }) {
    const kept = new Set(values);
    return values.map(value => el('label', { class: 'chip' },
      el('input', {
        type: 'checkbox',
        checked: true,
        'data-dimension': name,
        value,
        onchange: event => {
          event.target.checked ? kept.add(value) : kept.delete(value);
          this.#set(name, kept.size < values.length ? v => kept.has(v) : null);
        },
      }),
      value));
  }

  #range({ name, values }) {
    const ends = [Number(values[0]), Number(values.at(-1))];
    const kept = [...ends];
    return ['from', 'to'].map((word, end) => el('label', { class: 'inline' }, `${word} `,
      el('input', {
        type: 'number',
        step: 'any',
        value: ends[end],
        'data-dimension': name,
        'aria-label': `${name} ${word}`,
        oninput: event => {
          kept[end] = event.target.value === '' ? ends[end] : Number(event.target.value);
          const all = kept[0] <= ends[0] && kept[1] >= ends[1];
          this.#set(name, all ? null : v => v !== undefined && kept[0] <= Number(v) && Number(v) <= kept[1]);
        },
      })));
  }

  #set(name, test) {
    test ? this.#tests.set(name, test) : this.#tests.delete(name);
    this.#onChange();
  }
}
