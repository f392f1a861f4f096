/* How the compared files answer each class, against the teacher. */

/** Beyond so many classes a matrix is no longer read. */
const MOST_MATRIX = 20;

/** Tables of each class and of what is answered for what; none where there are no classes. */
function classTables(compared) {
  const known = compared.map((c, i) => [c, i]).filter(([c]) => c.confusion);
  if (known.length === 0) return [];
  return [
    ...known.flatMap(([c, i]) => silent(c, i)),
    el('div', { class: 'classes' }, perClass(known), ...(known[0][0].classes <= MOST_MATRIX ? known.map(([c, i]) => matrix(c, i)) : [])),
  ];
}

/** The cells as [class, answer, count]; the answer is −1 where there was none. */
function cells(c) {
  return Array.from({ length: c.confusion.length / 3 }, (_, i) => c.confusion.slice(3 * i, 3 * i + 3));
}

/** Of each class how many examples it has, how many answers, and how many of these are right. */
function counted(c) {
  const classes = Array.from({ length: c.classes }, () => ({ examples: 0, answers: 0, right: 0 }));
  for (const [label, answer, count] of cells(c)) {
    classes[label].examples += count;
    if (answer >= 0) classes[answer].answers += count;
    if (label === answer) classes[label].right += count;
  }
  return classes;
}

/** A file that never answers some class says so before anything else. */
function silent(c, i) {
  const never = counted(c).flatMap((counts, label) => (counts.examples > 0 && counts.right === 0 ? [label] : []));
  if (never.length === 0) return [];
  const names = never.slice(0, 10).join(', ') + (never.length > 10 ? ', …' : '');
  return [el('p', { class: 'warning' }, tag(i), ` finds no validation example of class ${names}`)];
}

function share(part, whole) {
  return whole === 0 ? undefined : 100 * part / whole;
}

function perClass(known) {
  const before = teacher.confusion ? counted(teacher) : undefined;
  const after = known.map(([c]) => counted(c));
  const head = el('tr', {}, ...['Class', 'Examples', ...(before ? ['Teacher'] : [])].map(name => el('th', { scope: 'col' }, name)),
    ...known.flatMap(([, i]) => [
      el('th', { scope: 'col' }, tag(i), ' found %'),
      ...(before ? [el('th', { scope: 'col' }, 'Change')] : []),
      el('th', { scope: 'col' }, 'Right %'),
    ]));
  const rows = after[0].map((counts, label) => {
    const found = before && share(before[label].right, before[label].examples);
    return el('tr', {},
      el('th', { scope: 'row' }, String(label)),
      el('td', {}, whole(counts.examples)),
      ...(before ? [el('td', {}, points(found))] : []),
      ...after.flatMap(classes => {
        const now = share(classes[label].right, classes[label].examples);
        return [
          el('td', { class: now === 0 ? 'lost' : undefined }, points(now)),
          ...(before ? [el('td', {}, found === undefined || now === undefined ? '' : signed(now - found, 2))] : []),
          el('td', {}, points(share(classes[label].right, classes[label].answers))),
        ];
      }));
  });
  return table('Class by class: the share of its validation examples that is found, and of the answers of it that are right'
    + (before ? '; changes are against the teacher' : ''), head, rows);
}

function points(value) {
  return value === undefined ? '–' : value.toFixed(2);
}

function matrix(c, i) {
  const counts = new Map(cells(c).map(([label, answer, count]) => [`${label} ${answer}`, count]));
  const none = cells(c).some(([, answer]) => answer < 0);
  const labels = Array.from({ length: c.classes }, (_, label) => label);
  const answers = [...labels, ...(none ? [-1] : [])];
  const head = el('tr', {}, el('th', { scope: 'col' }, tag(i), ' class'), ...answers.map(answer => el('th', { scope: 'col' }, answer < 0 ? 'none' : String(answer))));
  const rows = labels.map(label => el('tr', {}, el('th', { scope: 'row' }, String(label)),
    ...answers.map(answer => el('td', { class: answer === label ? 'better' : undefined }, whole(counts.get(`${label} ${answer}`) ?? 0)))));
  return table(`What ${'AB'[i]} answers for the validation examples of each class`, head, rows);
}
