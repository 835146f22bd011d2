// Lays out what the extension sends. Every text arrives ready to be shown; nothing is fetched.
const vscode = acquireVsCodeApi();
const root = document.getElementById('dashboard');
const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 300;
const HEIGHT = 72;

window.addEventListener('message', ({ data }) => {
  const focused = document.activeElement?.getAttribute('data-key');
  root.replaceChildren(...view(data));
  root.removeAttribute('aria-busy');
  // What had the focus keeps it when the page is drawn anew.
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
});
vscode.postMessage({ type: 'ready' });

function view({ title, summary, strings, goals, trends, tasks, milestones, deviations, runs }) {
  return [
    el('header', {}, [
      el('h1', {}, [title]),
      el('span', { class: 'summary', role: 'status' }, [summary]),
      button(strings.checkpoint, { type: 'verify' }, 'primary'),
    ]),
    section(strings.goals, [el('ul', { class: 'grid' }, goals.map(goalCard))]),
    section(strings.trends, [
      el(
        'ul',
        { class: 'grid' },
        trends.map((trend) => trendCard(trend, strings)),
      ),
    ]),
    el('div', { class: 'columns' }, [
      section(strings.tasks, tasks.map(taskGroup)),
      section(strings.milestones, [table(milestones, strings)]),
      section(strings.deviations, [table(deviations, strings)]),
    ]),
    section(strings.runs, [table(runs, strings)]),
  ];
}

function goalCard({ id, title, standing, standingText, text, reason }) {
  return el('li', { class: `card ${standing}` }, [
    el('h3', {}, [button(`${id} ${title}`, { type: 'goal', id }, 'link')]),
    el('p', { class: 'state', 'aria-label': `${standingText}: ${text}` }, [text]),
    ...(reason ? [el('p', { class: 'muted' }, [reason])] : []),
  ]);
}

function trendCard({ goal, name, min, max, limit, points }, strings) {
  const last = points.at(-1);
  const head = el('h3', {}, [`${goal} ${name}`]);
  if (!last)
    return el('li', { class: 'card trend' }, [
      head,
      el('p', { class: 'muted' }, [`${strings.limit} ${limit}`]),
      el('p', { class: 'muted' }, [strings.noTrend]),
    ]);
  const label = `${name}: ${points.length} ${strings.measurements}, ${strings.last} ${last.text}, ${strings.limit} ${limit}`;
  const rows = [...points].reverse().map((point) => [new Date(point.at).toLocaleString(), point.text, point.verdict]);
  return el('li', { class: 'card trend' }, [
    head,
    el('p', {}, [`${strings.last} ${last.text}, ${strings.limit} ${limit}`]),
    chart(
      points.map(({ value }) => value),
      [min, max].filter((value) => value !== undefined),
      label,
    ),
    el('details', {}, [
      el('summary', { 'data-key': `table ${goal} ${name}` }, [strings.table]),
      el('table', {}, [
        el(
          'tr',
          {},
          [strings.when, strings.value, strings.verdict].map((text) => el('th', { scope: 'col' }, [text])),
        ),
        ...rows.map((cells) =>
          el(
            'tr',
            {},
            cells.map((text) => el('td', {}, [text])),
          ),
        ),
      ]),
    ]),
  ]);
}

function chart(values, limits, label) {
  const all = [...values, ...limits];
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const x = (at) => (values.length === 1 ? WIDTH / 2 : (at / (values.length - 1)) * WIDTH);
  const y = (value) => HEIGHT - 6 - ((value - low) / span) * (HEIGHT - 12);
  const svg = svgEl('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
  });
  for (const limit of limits)
    svg.append(svgEl('line', { class: 'limit', x1: 0, x2: WIDTH, y1: y(limit), y2: y(limit) }));
  // One measurement is a mark, not a line.
  const from =
    values.length === 1
      ? `M${x(0) - 4},${y(values[0])}H${x(0) + 4}`
      : values.map((value, at) => `${at ? 'L' : 'M'}${x(at)},${y(value)}`).join('');
  svg.append(svgEl('path', { class: 'line', d: from }));
  return svg;
}

function taskGroup({ label, count, slugs }) {
  return el('div', {}, [
    el('h3', {}, [`${label} (${count})`]),
    el(
      'ul',
      { class: 'plain' },
      slugs.map((slug) => el('li', {}, [button(slug, { type: 'task', slug }, 'link')])),
    ),
  ]);
}

function table(rows, strings) {
  if (rows.length === 0) return el('p', { class: 'muted' }, [strings.none]);
  return el(
    'table',
    {},
    rows.map(({ id, title, text, file, report }) =>
      el('tr', {}, [
        el('td', {}, [
          file
            ? button(id.startsWith('run ') ? title : shown(id, title), { type: 'file', path: file }, 'link')
            : id.startsWith('run ')
              ? title
              : id,
        ]),
        el('td', {}, [file || id.startsWith('run ') ? text : `${title}: ${text}`]),
        el('td', {}, report ? [button(strings.report, { type: 'report', path: report }, 'link')] : []),
      ]),
    ),
  );
}

/** The name of an evidence file is for machines; what was measured is for people. */
function shown(id, title) {
  return /^\d{8}T/.test(id) ? title : `${id}: ${title}`;
}

function section(title, children) {
  const id = `section-${title.replaceAll(/\W+/g, '-')}`;
  return el('section', { 'aria-labelledby': id }, [el('h2', { id }, [title]), ...children]);
}

function button(text, message, kind) {
  const made = el('button', { class: kind, type: 'button', 'data-key': JSON.stringify(message) }, [text]);
  made.addEventListener('click', () => vscode.postMessage(message));
  return made;
}

function el(name, attributes, children) {
  return fill(document.createElement(name), attributes, children);
}

function svgEl(name, attributes) {
  return fill(document.createElementNS(SVG, name), attributes, []);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
