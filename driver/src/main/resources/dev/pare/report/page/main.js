/* One state, and what is drawn anew when it changes. */

/** A page of a sweep that runs is written anew at most every 30 seconds. */
const REFRESH_MILLIS = 30_000;

/** The candidates of a sweep may take long; what is older is of a sweep that was stopped. */
const MOST_SILENCE_MILLIS = 86_400_000;

function start() {
  showHeader();
  showImportance();
  showEarlier();
  showParts();
  showStages();
  showFailures();
  showProvenance();
  showLatency();
  const sensitivity = new SensitivityChart();
  sensitivity.draw();
  const grown = new GrowthChart();
  grown.draw();
  byId('seen').hidden = frontier.length === 0;
  if (frontier.length === 0) {
    document.querySelectorAll('main > section:not(#earlier, #layers, :has(#failures, #provenance))').forEach(section => { section.hidden = true; });
    return;
  }

  const state = {
    compared: [],
    colourBy: null,
    tint: null,
    budgeted: undefined,
    showsEarlier: earlierDiffers(),
    shows: c => filters.shows(c) && settings.shows(c),
  };
  const chart = new FrontierChart(byId('frontier'), pick, speak);
  const candidateTable = new CandidateTable(byId('table'), pick);
  const settings = new SettingsChart(byId('settings'), showFiltered);
  const filters = new Filters(byId('filters'), () => {
    settings.draw(candidates.filter(c => filters.shows(c)));
    showFiltered();
  });
  const budget = new Budget(() => {
    state.budgeted = budget.answer;
    chart.draw(state);
  });

  function pick(c) {
    state.compared = state.compared.includes(c) ? state.compared.filter(other => other !== c) : [...state.compared, c].slice(-2);
    showPicked();
  }

  function speak(c) {
    byId('spoken').textContent = `${size(c.bytes)}, validation ${metric.name} ${interval(c.validation)}${metric.unit}, ${c.label}${c.file ? ', on the frontier' : ''}`;
  }

  function showPicked() {
    chart.draw(state);
    candidateTable.draw(state);
    showCompared(byId('compare'), state.compared, pick);
  }

  function showFiltered() {
    const count = candidates.filter(state.shows).length;
    byId('shown').textContent = count < candidates.length ? `${count} of ${candidates.length} candidates are shown.` : '';
    byId('reset').hidden = count === candidates.length;
    chart.draw(state);
    candidateTable.draw(state);
  }

  function showColours() {
    const tints = state.colourBy ? coloursOf(state.colourBy) : new Map();
    state.tint = state.colourBy ? c => tints.get(state.colourBy.of(c)) ?? colour('others') : null;
    byId('legend').replaceChildren(...[...tints].map(([value, tint]) => {
      const swatch = el('span', { class: 'swatch' });
      swatch.style.background = tint;
      return el('li', {}, swatch, `${state.colourBy.name} ${value}`);
    }));
  }

  /** Colours are read from the style sheet when drawing: dark and light need all of it again. */
  function showAll() {
    showColours();
    settings.draw(candidates.filter(c => filters.shows(c)));
    showFiltered();
    showCompared(byId('compare'), state.compared, pick);
    sensitivity.draw();
    grown.draw();
  }

  const properties = [...dimensions, latencyClasses()].filter(p => p.values.length > 1);
  byId('colour').replaceChildren(el('option', { value: '' }, 'frontier'), ...properties.map(p => el('option', { value: p.name }, p.name)));
  byId('colour').addEventListener('input', event => {
    state.colourBy = properties.find(p => p.name === event.target.value) ?? null;
    showColours();
    chart.draw(state);
  });
  byId('reset').addEventListener('click', () => {
    filters.reset();
    byId('frontier').focus();
  });
  byId('frontier-only').addEventListener('input', () => candidateTable.draw(state));
  byId('show-earlier').checked = state.showsEarlier;
  byId('show-earlier').parentElement.hidden = !state.showsEarlier;
  byId('published').hidden = data.published.length === 0;
  byId('show-earlier').addEventListener('input', event => {
    state.showsEarlier = event.target.checked;
    chart.draw(state);
  });
  if (data.asOf && !data.stopped) refresh(() => state.compared.length === 0 && byId('reset').hidden);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showAll);
  state.budgeted = budget.answer;
  showAll();
}

/** Loads the page again now and then while the sweep seems to run, unless somebody has chosen something. */
function refresh(idle) {
  const silent = Date.now() - Date.parse(data.asOf) > MOST_SILENCE_MILLIS;
  if (!silent) setInterval(() => idle() && location.reload(), REFRESH_MILLIS);
}

start();
