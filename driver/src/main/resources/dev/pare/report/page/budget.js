/* "At most so many bytes, at most so much lost": the file to take. */

class Budget {
  #onChange;
  #bytes = byId('budget-bytes');
  #loss = byId('budget-loss');
  #smallest = Math.min(...frontier.map(c => c.bytes));
  #largest = Math.max(...frontier.map(c => c.bytes));
  #answer;

  constructor(onChange) {
    this.#onChange = onChange;
    const losses = frontier.map(c => c.loss);
    const [least, most] = [Math.min(...losses), Math.max(...losses)];
    // Hundredths of a point; of other units about a thousandth of all there is to choose from.
    const step = metric.unit === '%' ? 0.01 : 10 ** Math.floor(Math.log10(Math.max(most - least, Math.abs(most) / 10, 1e-9) / 1000));
    this.#loss.min = rounded(Math.floor(least / step), step);
    this.#loss.max = rounded(Math.ceil(most / step), step);
    this.#loss.step = step;
    this.#loss.value = metric.unit === '%' ? Math.max(0.5, least) : most;
    for (const input of [this.#bytes, this.#loss, ...document.getElementsByName('prefer')]) {
      input.addEventListener('input', () => this.#changed());
    }
    this.#update();
  }

  /** The file within the budget, or undefined. */
  get answer() {
    return this.#answer;
  }

  #changed() {
    this.#update();
    this.#onChange();
  }

  /** Equal steps of the slider are equal factors. */
  #limit() {
    const share = Number(this.#bytes.value) / Number(this.#bytes.max);
    return share === 1 ? this.#largest : Math.round(this.#smallest * (this.#largest / this.#smallest) ** share);
  }

  #update() {
    const limit = this.#limit();
    const loss = Number(this.#loss.value);
    // Shares of examples come with a rounding far below one example.
    const within = frontier.filter(c => c.bytes <= limit && c.loss <= loss + 1e-9);
    const smaller = document.querySelector('input[name="prefer"]:checked').value === 'smaller';
    this.#answer = smaller ? within[0] : risingQuality(within).at(-1);
    this.#tell(this.#bytes, 'budget-bytes-text', size(limit));
    this.#tell(this.#loss, 'budget-loss-text', lossText(loss));
    byId('budget-answer').replaceChildren(...(this.#answer ? answer(this.#answer, within.length) : nothing()));
  }

  #tell(input, id, text) {
    byId(id).textContent = text;
    input.setAttribute('aria-valuetext', text);
  }
}

/** So many steps, without the noise of binary fractions. */
function rounded(steps, step) {
  return step >= 1 ? steps * step : steps / Math.round(1 / step);
}

function lossText(loss) {
  const unit = metric.unit === '%' ? ' points' : '';
  const better = `${metric.more ? 'more' : 'less'} ${metric.name} than the teacher`;
  return loss < 0 ? `${shown(-loss)}${unit} ${better}` : `${shown(loss)}${unit} lost`;
}

function answer(c, count) {
  return [
    el('p', { class: 'big' }, `${size(c.bytes)}, ${times(c.ratio)} smaller, ${withUnit(c.validation.value)} ${metric.name}`),
    el('p', {}, c.label),
    el('p', {}, `Validation ${metric.name} ${interval(c.validation)}${metric.unit}, teacher ${interval(teacher.validation)}${metric.unit}${c.test ? `; on test data ${interval(c.test)}${metric.unit}, teacher ${interval(teacher.test)}${metric.unit}` : ''}.`),
    ...(c.card ? [el('p', {}, cardLink(c), ': how it behaves beside the teacher, and its limits.')] : []),
    el('p', {}, count === 1 ? 'The only file of the frontier within the budget.' : `One of ${count} files of the frontier within the budget.`),
    ...(data.asOf
      ? [el('p', {}, `The frontier’s files will be there, and tested, when the sweep has ${data.stopped ? 'been run to its end' : 'ended'}.`)]
      : [toCopy('code', fetchCommand(c.file)), ...uses(c.file)]),
  ];
}

function nothing() {
  return [el('p', { class: 'big' }, 'No file is within the budget'), el('p', {}, 'Allow more bytes or more to be lost.')];
}

function copyButton(code, command) {
  return el('button', {
    type: 'button',
    onclick: async event => {
      const button = event.currentTarget;
      try {
        await navigator.clipboard.writeText(command);
        button.textContent = 'Copied';
      } catch {
        // Pages from disk may not write to the clipboard everywhere; what is selected can be copied by hand.
        getSelection().selectAllChildren(code);
        button.textContent = 'Selected';
      }
    },
  }, 'Copy');
}
