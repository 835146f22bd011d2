import { mentions, mentionsTask } from '../../parse/mentions.ts';
import { allOf, type BoxFacts, type BoxRule, goalsOfKind } from './box.ts';

/** Plan section 9.3. */
export const DOCUMENT_BOXES: readonly BoxRule[] = [runbook, changelog, architecture, procedures, performance];

function runbook(facts: BoxFacts) {
  return goalsOfKind('Runbook entries for all features, validated through scenarios', facts, [
    'docs-parity',
    'runbook',
  ]);
}

function changelog({ state, changelog: text }: BoxFacts) {
  const done = state.tasks.filter(({ status }) => status === 'done');
  const open = done.filter((task) => text === undefined || !mentionsTask(text, task)).map(({ slug }) => slug);
  const slugs = done.map(({ slug }) => slug);
  return allOf('The change log documents all changes', slugs, open, 'done tasks', 'name them in the change log');
}

function architecture(facts: BoxFacts) {
  const title = 'Architecture documentation reflects the implementation';
  const { state } = facts;
  const without = state.tasks.filter(
    ({ slug, status }) => status === 'done' && state.snapshot.reports(slug).arch === undefined,
  );
  if (without.length === 0) return goalsOfKind(title, facts, ['conformance']);
  const slugs = without.map(({ slug }) => slug);
  return allOf(title, slugs, slugs, 'done tasks without an architecture review', `infrabuilder task arch ${slugs[0]}`);
}

function procedures({ state, runbook: text = '' }: BoxFacts) {
  const faults = new Set(
    state.snapshot.scenarios.flatMap(({ value }) => [
      ...value.failures.map(({ type }) => type),
      ...value.scenarios.flatMap(({ steps }) =>
        steps.flatMap((step) => (step.action === 'inject_failure' ? [step.params.type] : [])),
      ),
    ]),
  );
  const plain = text.toLowerCase().replace(/[-_\s]+/g, ' ');
  const open = [...faults].filter((fault) => !plain.includes(fault.replace(/_/g, ' ')));
  return allOf(
    'Operational procedures documented for all failure scenarios',
    [...faults],
    open,
    'kinds of faults that scenarios inject',
    'name each in the runbook, with what to do',
  );
}

function performance({ state, runbook: book = '', blueprint = '' }: BoxFacts) {
  const kpis = new Set(
    state.snapshot.goals.flatMap((goal) =>
      goal.kind === 'kpi' && goal.applies !== false ? Object.keys(goal.kpis) : [],
    ),
  );
  const open = [...kpis].filter((name) => !mentions(`${book}\n${blueprint}`, name));
  return allOf(
    'Performance characteristics and limits documented',
    [...kpis],
    open,
    'figures with a limit',
    'define them in blueprint or runbook',
  );
}
