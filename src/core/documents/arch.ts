import type { Task } from '../model/task.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Snapshot } from '../project/snapshot.ts';
import type { ModuleFile } from './moduleSource.ts';
import { blueprintText, budgetOf, type ModuleReach, taskContent, validatedBy } from './plan.ts';
import type { View } from './template.ts';
import { cell, code, linkFrom, listText, verdictMark } from './words.ts';

/** What a conformance scan says; a report of `core/conformance` is one. */
export interface ArchScan {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly rules: readonly {
    readonly id: string;
    readonly kind: string;
    readonly title: string;
    readonly verdict: 'pass' | 'fail' | 'not-evaluated';
    readonly looked: number;
    readonly open: number;
    readonly accepted: number;
    readonly why: string | undefined;
  }[];
  readonly violations: readonly {
    readonly rule: string;
    readonly file: string;
    readonly range: { readonly start: { readonly line: number; readonly column: number } };
    readonly message: string;
  }[];
}

export interface ArchInput {
  readonly file: string;
  readonly snapshot: Snapshot;
  readonly task: Task;
  readonly module: readonly ModuleFile[];
  readonly reach: ModuleReach | undefined;
  readonly scan: ArchScan;
}

type Rule = ArchScan['rules'][number];

const INTERFACES = ['interface', 'structure'];
const PATTERNS = ['pattern'];
const BOUNDARIES = ['boundary', 'layers', 'independent', 'acyclic'];
const RESOURCES = ['resource'];

/** The fields of `templates/documents/arch.md`. A box is ticked by a finding and by nothing else. */
export function archView(input: ArchInput): View {
  const { file, snapshot, task, module, reach, scan } = input;
  const link = linkFrom(file);
  const rules = rulesOfModule(input);
  const budget = budgetOf(snapshot, task);
  const goals = coveredGoals(snapshot, task);
  const boxes = boxesOf(input, rules, budget.length, goals);
  const rows = (kinds: readonly string[]) =>
    rules.filter(({ kind }) => kinds.includes(kind)).map((rule) => ruleRow(rule, link));
  const exported = module
    .filter((one) => !one.test)
    .flatMap((one) => one.symbols.filter((symbol) => symbol.exported).map((symbol) => ({ path: one.path, ...symbol })));
  return {
    slug: task.slug,
    title: task.title ?? task.slug,
    module: task.module ?? '-',
    component: reach?.component ?? 'none',
    blueprint: blueprintText(snapshot, task),
    boxes: boxes.map(({ ticked, title, finding }) => ({ box: ticked ? '[x]' : '[ ]', title, finding })),
    exported: exported.map(({ path, name, kind, line }) => ({
      name,
      kind,
      citation: `${path}#L${line}`,
      link: link(`${path}#L${line}`),
    })),
    interfaceRules: rows(INTERFACES),
    patternRules: rows(PATTERNS),
    boundaryRules: rows(BOUNDARIES),
    resourceRules: rows(RESOURCES),
    imports: listText((reach?.imports ?? []).map(code)),
    importedBy: listText((reach?.importedBy ?? []).map(code)),
    mayImport: listText((reach?.mayImport ?? []).map(code)),
    mustNotImport: listText(forbidden(reach)),
    budget,
    goals: goals.map(({ id, title, by, covered }) => ({ id, title, by: cell(by), covered: covered ? 'yes' : 'no' })),
    verdict: verdictMark(scan.verdict),
    reason: scan.reason,
    violations: violationsOf(input).map(({ rule, file: path, range, message }) => ({
      rule,
      place: `${path}:${range.start.line}:${range.start.column}`,
      link: link(`${path}#L${range.start.line}`),
      message: cell(message),
    })),
  };
}

/** What a review is about: another interface, import or verdict asks for a new one. */
export function archSubjects(input: Omit<ArchInput, 'file'>): Readonly<Record<string, unknown>> {
  const { snapshot, task, module, reach, scan } = input;
  const exported = module
    .filter(({ test }) => !test)
    .flatMap(({ symbols }) => symbols.filter((one) => one.exported).map(({ name, kind }) => `${kind} ${name}`));
  return {
    task: taskContent(snapshot, task),
    interface: exported.sort(),
    imports: reach === undefined ? null : [reach.imports, reach.importedBy],
    rules: scan.rules.map(({ id, verdict }) => [id, verdict]),
    goals: coveredGoals(snapshot, task).map(({ id, covered }) => [id, covered]),
  };
}

/** Each target once, with all rules that forbid it. */
function forbidden(reach: ModuleReach | undefined): string[] {
  const rules = new Map<string, string[]>();
  for (const { target, rule } of reach?.mustNotImport ?? []) rules.set(target, [...(rules.get(target) ?? []), rule]);
  return [...rules].map(([target, by]) => `${code(target)} (${by.join(', ')})`);
}

interface Box {
  readonly ticked: boolean;
  readonly title: string;
  readonly finding: string;
}

function boxesOf(
  { scan, reach }: ArchInput,
  rules: readonly Rule[],
  budgets: number,
  goals: readonly CoveredGoal[],
): Box[] {
  const open = goals.filter(({ covered }) => !covered).map(({ id }) => id);
  const resources = byRules(rules, RESOURCES);
  return [
    { title: 'Module interfaces align with the blueprint', ...byRules(rules, INTERFACES) },
    { title: 'The implementation follows the code patterns', ...byRules(rules, PATTERNS) },
    {
      title: 'No side effect on other components breaks a rule',
      ...byRules(rules, BOUNDARIES, reach === undefined ? 'No component of the rules holds this module.' : undefined),
    },
    {
      title: 'The resource budget is allocated',
      ticked: budgets > 0 && resources.ticked,
      finding: `${budgets === 0 ? 'No limit is stated.' : `${budgets} limits are stated.`} ${resources.finding}`,
    },
    {
      title: 'Scenarios validate all goals of the task',
      ticked: goals.length > 0 && open.length === 0,
      finding:
        goals.length === 0
          ? 'The task names no goal.'
          : open.length === 0
            ? `All ${goals.length} are validated.`
            : `Not validated by a scenario of the task: ${open.join(', ')}.`,
    },
    { title: 'The conformance scan passes', ticked: scan.verdict === 'pass', finding: scan.reason },
  ];
}

/** Ticked where at least one rule was evaluated and all of them hold. */
function byRules(rules: readonly Rule[], kinds: readonly string[], blocked?: string): Omit<Box, 'title'> {
  const these = rules.filter(({ kind }) => kinds.includes(kind));
  if (blocked !== undefined) return { ticked: false, finding: blocked };
  if (these.length === 0) return { ticked: false, finding: 'No rule of this kind names the module.' };
  const not = these.filter(({ verdict }) => verdict !== 'pass');
  if (not.length === 0) return { ticked: true, finding: `${these.map(({ id }) => code(id)).join(', ')}: all pass.` };
  return {
    ticked: false,
    finding: not
      .map(({ id, verdict, open }) => `${code(id)}: ${verdict}${open > 0 ? `, ${open} open` : ''}`)
      .join('; '),
  };
}

function rulesOfModule({ scan, reach }: ArchInput): Rule[] {
  const named = new Set(reach?.rules.map(({ id }) => id));
  return scan.rules.filter(({ id }) => named.has(id));
}

function ruleRow({ id, title, verdict, looked, open, accepted, why }: Rule, link: (path: string) => string): View {
  return {
    id,
    title: cell(title === id ? '' : title),
    verdict: verdict === 'pass' ? verdictMark('pass') : verdict === 'fail' ? verdictMark('fail') : '⏳ Not evaluated',
    looked: String(looked),
    open: String(open),
    accepted: String(accepted),
    why: why === undefined ? '-' : `[${why}](${link(why)})`,
  };
}

/** Open violations in files of the module, or all where the module is not known. */
function violationsOf({ scan, task, snapshot }: ArchInput): ArchScan['violations'] {
  const { source } = snapshot.config.paths;
  const module = task.module?.replace(/^\.\//, '').replace(/\/+$/, '');
  if (module === undefined) return scan.violations;
  const folder = source === '.' || module.startsWith(`${source}/`) ? module : `${source}/${module}`;
  return scan.violations.filter(({ file }) => file.startsWith(`${folder}/`));
}

interface CoveredGoal {
  readonly id: string;
  readonly title: string;
  readonly by: string;
  readonly covered: boolean;
}

/** A goal that is measured by a scenario is covered where the task lists that scenario; the others need none. */
function coveredGoals(snapshot: Snapshot, task: Task): CoveredGoal[] {
  return task.goals.map((id) => {
    const goal = snapshot.goal(id);
    if (goal === undefined) return { id, title: '', by: 'no goal of this id is configured', covered: false };
    const covered = goal.applies !== false && (!('scenario' in goal) || task.scenarios.includes(goal.scenario));
    return { id, title: goal.title, by: validatedBy(goal), covered };
  });
}
