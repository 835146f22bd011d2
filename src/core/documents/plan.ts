import type { AcceptanceLine } from '../model/acceptance.ts';
import type { Goal } from '../model/goal.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Task } from '../model/task.ts';
import { thresholdText } from '../model/threshold.ts';
import type { Snapshot } from '../project/snapshot.ts';
import type { ModuleFile } from './moduleSource.ts';
import { citation, Pages, type Passage } from './passages.ts';
import { risksOf } from './risks.ts';
import type { View } from './template.ts';
import { cell, code, linkFrom, listText } from './words.ts';

/** What code of the module may touch; the conformance scan knows. */
export interface ModuleReach {
  readonly component: string;
  readonly mayImport: readonly string[];
  readonly mustNotImport: readonly { readonly target: string; readonly rule: string }[];
  readonly imports: readonly string[];
  readonly importedBy: readonly string[];
  readonly rules: readonly { readonly id: string; readonly kind: string; readonly why: string | undefined }[];
}

/** How an acceptance line is judged. */
export interface PlannedLine {
  readonly line: AcceptanceLine;
  /** `check harness`, `scenario standard`, or that a person must sign it off. */
  readonly how: string;
  readonly byPerson: boolean;
}

export interface PlanInput {
  /** Where the document lies; links start there. */
  readonly file: string;
  readonly snapshot: Snapshot;
  readonly task: Task;
  readonly module: readonly ModuleFile[];
  /** Undefined where there are no valid rules, or none for this module. */
  readonly reach: ModuleReach | undefined;
  readonly acceptance: readonly PlannedLine[];
}

const MOST_PASSAGES = 6;
const COST = /\bO\([^()]*(?:\([^()]*\)[^()]*)*\)/;

/** The fields of `templates/documents/plan.md`. */
export function planView(input: PlanInput): View {
  const { task, snapshot, file, module } = input;
  const link = linkFrom(file);
  const passages = taskPassages(snapshot, task);
  const code_ = module.filter((one) => !one.test);
  const types = module.flatMap((one) =>
    one.test ? [] : one.symbols.filter(({ kind }) => kind === 'type').map((symbol) => ({ file: one.path, ...symbol })),
  );
  return {
    slug: task.slug,
    title: task.title ?? task.slug,
    file: task.file,
    phase: task.phase ?? '-',
    module: task.module ?? '-',
    blueprint: blueprintText(snapshot, task),
    dependsOn: listText(task.dependsOn.map((slug) => `${slug} (${snapshot.task(slug)?.status ?? 'unknown'})`)),
    passages: passages.map(({ why, passage }) => ({
      why,
      citation: citation(passage),
      link: link(citation(passage)),
      heading: passage.heading.at(-1) ?? '',
      quote: quoted(passage.text),
    })),
    hasFiles: code_.length > 0,
    noFiles:
      task.module === undefined
        ? 'The task names no module, so no file can be listed.'
        : `The module \`${task.module}\` has no source file yet: it is made by this task.`,
    files: code_.map((one) => ({
      path: one.path,
      link: link(one.path),
      lines: String(one.lines),
      symbols: cell(
        listText(
          one.symbols.map(({ name }) => code(name)),
          '-',
        ),
      ),
    })),
    tests: listText(
      module.filter((one) => one.test).map((one) => `[${one.path}](${link(one.path)}) (${one.symbols.length})`),
      'the module has no test file yet',
    ),
    documents: listText(
      [snapshot.documents.runbook, snapshot.documents.changelog].flatMap((path) =>
        path === undefined ? [] : [`[${path}](${link(path)})`],
      ),
      'runbook and change log do not exist yet',
    ),
    structures: types.map((type) => ({
      name: type.name,
      citation: `${type.file}#L${type.line}`,
      link: link(`${type.file}#L${type.line}`),
      methods: methodsOf(type.name, module),
    })),
    costs: costsOf(task, blueprintPages(snapshot)),
    risks: risksOf(input).map(({ risk, mitigation }) => ({ risk: cell(risk), mitigation: cell(mitigation) })),
    acceptance: input.acceptance.map(({ line, how }, at) => ({
      number: String(at + 1),
      text: cell(line.text),
      expects: cell(expectationText(line)),
      how: cell(how),
    })),
    goals: task.goals.map((id) => goalRow(snapshot, id)),
    scenarios: task.scenarios.map((name) => scenarioRow(name, snapshot.scenario(name)?.value)),
    budget: budgetOf(snapshot, task),
  };
}

/** What a plan is about; it is not about the source, which changes while the plan is followed. */
export function planSubjects(snapshot: Snapshot, task: Task): Readonly<Record<string, unknown>> {
  return {
    task: taskContent(snapshot, task),
    blueprint: taskPassages(snapshot, task).map(({ passage }) => passage.text),
    goals: task.goals.map((id) => snapshot.goal(id) ?? id),
    scenarios: task.scenarios.map((name) => snapshot.scenario(name)?.value ?? name),
  };
}

/** What the task file asks for, by value: comments and the folder that it lies in do not count. */
export function taskContent(snapshot: Snapshot, { file, slug }: Task): unknown {
  return snapshot.source(file)?.parsed.value ?? slug;
}

export function blueprintText({ mapping }: Snapshot, { epic, story }: Task): string {
  if (epic === undefined) return 'the task names no epic';
  const named = mapping?.epicById.get(epic);
  const inside = named?.stories.find((one) => one.id === story);
  const parts = [
    `${epic}${named?.title === undefined ? '' : ` ${named.title}`}`,
    ...(story === undefined ? [] : [`${story}${inside?.title === undefined ? '' : ` ${inside.title}`}`]),
  ];
  return parts.join(' / ');
}

/** Lines of the blueprint that ask for the task, each with why it is quoted. */
export function taskPassages(snapshot: Snapshot, task: Task): { readonly why: string; readonly passage: Passage }[] {
  const pages = blueprintPages(snapshot);
  if (pages === undefined) return [];
  const ids = snapshot.blueprint?.value.ids ?? [];
  const found = [
    ...(task.story === undefined ? [] : pages.about(task.story, ids, 2)).map((passage) => ({
      why: `Story ${task.story}`,
      passage,
    })),
    ...(task.epic === undefined ? [] : pages.about(task.epic, ids, 1))
      .map((passage) => ({ ...passage, endLine: passage.startLine, text: pages.lines.line(passage.startLine) }))
      .map((passage) => ({ why: `Epic ${task.epic}`, passage })),
    ...(task.module === undefined ? [] : pages.naming(task.module, 3)).map((passage) => ({
      why: `Module \`${task.module}\``,
      passage,
    })),
  ];
  const seen = new Set<string>();
  return found
    .filter(({ passage }) => !seen.has(citation(passage)) && seen.add(citation(passage)))
    .slice(0, MOST_PASSAGES);
}

function blueprintPages(snapshot: Snapshot): Pages | undefined {
  const { blueprint } = snapshot;
  const text = blueprint === undefined ? undefined : snapshot.source(blueprint.file)?.text;
  return blueprint === undefined || text === undefined ? undefined : new Pages(blueprint.file, text);
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function methodsOf(type: string, module: readonly ModuleFile[]): string {
  const methods = module.flatMap((file) =>
    file.test ? [] : file.symbols.filter(({ kind, name }) => kind === 'method' && name.startsWith(`${type}.`)),
  );
  return methods.map(({ name }) => code(name.slice(type.length + 1))).join(', ');
}

/** Costs that acceptance lines ask for, and where the blueprint says the same. */
function costsOf(task: Task, pages: Pages | undefined): View[] {
  const lines = task.acceptance.filter(({ text }) => COST.test(text));
  const costs = new Set(lines.flatMap(({ text }) => COST.exec(text)?.[0] ?? []));
  const cited = [...costs].flatMap((cost) => pages?.holding(cost) ?? []);
  return [
    ...lines.map(({ text }) => ({ text, citation: task.file })),
    ...cited.map((passage) => ({ text: cell(passage.text.replace(/^\s*[-*+]\s+/, '')), citation: citation(passage) })),
  ];
}

export function expectationText({ expectation }: AcceptanceLine): string {
  if (expectation === undefined) return 'a person judges it';
  const { metric, operator, value, unit, where } = expectation;
  return `${metric} ${operator} ${value}${unit === undefined ? '' : ` ${unit}`}${where === undefined ? '' : ` (${where})`}`;
}

function goalRow(snapshot: Snapshot, id: string): View {
  const goal = snapshot.goal(id);
  const said = snapshot.blueprintGoals.find(({ value }) => value.id === id)?.value;
  return {
    id,
    title: goal?.title ?? said?.title ?? '',
    check: cell(goal === undefined ? (said?.check ?? '-') : checkText(goal, said?.check)),
    by: cell(goal === undefined ? 'no goal of this id is configured' : validatedBy(goal)),
  };
}

function checkText(goal: Goal, said: string | undefined): string {
  if (goal.applies === false) return `switched off: ${goal.reason}`;
  if (goal.kind !== 'kpi') return said ?? goal.description ?? goal.kind;
  return Object.entries(goal.kpis)
    .map(([name, limit]) => `${name} ${thresholdText(limit)}`)
    .join(', ');
}

export function validatedBy(goal: Goal): string {
  switch (goal.kind) {
    case 'kpi':
    case 'event':
    case 'runbook':
      return `scenario ${goal.scenario}`;
    case 'checks':
      return `checks ${goal.checks.join(', ')}`;
    case 'schema':
      return `buf breaking against ${goal.against}`;
    case 'command':
      return goal.run.join(' ');
    case 'conformance':
      return 'infrabuilder conformance';
    case 'docs-parity':
      return 'infrabuilder runbook check';
  }
}

function scenarioRow(name: string, scenario: Scenario | undefined): View {
  if (scenario === undefined)
    return { name, workload: `workload ${name}, no scenario file`, faults: 'none', validates: 'none' };
  const { workload, failures, scenarios, blueprint_goals: goals } = scenario;
  const faults = [
    ...failures.map(({ type }) => type),
    ...scenarios.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.action === 'inject_failure' ? [step.params.type] : [])),
    ),
  ];
  const load = workload === undefined ? scenarios.map((one) => one.name).join(', ') : workloadText(workload);
  return { name, workload: cell(load), faults: cell(listText([...new Set(faults)])), validates: cell(listText(goals)) };
}

function workloadText({ type, params }: NonNullable<Scenario['workload']>): string {
  const settings = Object.entries(params ?? {}).map(([key, value]) => `${key} ${String(value)}`);
  return settings.length === 0 ? type : `${type} (${settings.join(', ')})`;
}

const RESOURCE = /cpu|memory|rss|heap|alloc|latency|duration|bytes/i;

/** Limits on resources: of the goals, of the task's own lines, and of the blueprint's budget table for the module. */
export function budgetOf(snapshot: Snapshot, task: Task): View[] {
  const rows: View[] = [];
  for (const id of task.goals) {
    const goal = snapshot.goal(id);
    if (goal?.kind !== 'kpi') continue;
    for (const [name, limit] of Object.entries(goal.kpis)) {
      if (RESOURCE.test(name)) rows.push({ what: name, limit: thresholdText(limit), where: `goal ${id}` });
    }
  }
  for (const { text, expectation } of task.acceptance) {
    if (expectation === undefined || !RESOURCE.test(text)) continue;
    const { metric, operator, value, unit = '' } = expectation;
    rows.push({ what: cell(metric), limit: `${operator} ${value} ${unit}`.trim(), where: 'acceptance line' });
  }
  return [...rows, ...blueprintBudget(snapshot, task)];
}

function blueprintBudget(snapshot: Snapshot, { module }: Task): View[] {
  const pages = blueprintPages(snapshot);
  if (module === undefined || pages === undefined) return [];
  const rows = pages.naming(module, Number.POSITIVE_INFINITY).filter(({ heading, text: row }) => {
    return /budget/i.test(heading.at(-1) ?? '') && row.trimStart().startsWith('|');
  });
  return rows.map((passage) => {
    const [, what = '', ...limits] = passage.text.split('|').map((part) => part.trim());
    return { what, limit: cell(limits.filter((part) => part !== '').join('; ')), where: citation(passage) };
  });
}
