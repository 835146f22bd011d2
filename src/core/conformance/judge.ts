import { sha256 } from '../base/digest.ts';
import type { Rule } from '../model/conformance.ts';
import { compareIssues, type Issue, type Severity } from '../model/issue.ts';
import type { Verdict } from '../model/verdict.ts';
import { KnownViolations } from './baseline.ts';
import type { Context, Draft, Finding } from './context.ts';
import { exceptionFor, type Granted } from './exceptions.ts';
import { fileIssues } from './fileIssues.ts';
import type { AcceptedViolation, ConformanceReport, RuleResult, RuleVerdict, Violation } from './report.ts';
import { RESOURCES } from './resources.ts';
import { evaluate } from './rules/index.ts';

export interface Judgement
  extends Pick<ConformanceReport, 'verdict' | 'reason' | 'rules' | 'violations' | 'accepted' | 'issues'> {}

export interface Exceptions {
  readonly baseline: { readonly file: string; readonly text: string | undefined } | undefined;
  readonly deviations: readonly Granted[];
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** Evaluates all rules and sorts what they found into open and accepted. `before` are issues found on the way here. */
export async function judge(context: Context, exceptions: Exceptions, before: readonly Issue[]): Promise<Judgement> {
  const issues: Issue[] = [...before, ...context.plan.issues, ...fileIssues(context)];
  const ids = new Set<string>();
  const evaluated = new Set<string>();
  const found: { rule: Rule; finding: Finding; violations: Violation[]; broken: boolean }[] = [];
  for (const [index, rule] of context.rules.rules.entries()) {
    const finding = evaluate(rule, context, index);
    const own = [...finding.issues];
    if (finding.looked === 0 && own.length === 0 && !context.plan.unusable.has(rule.id)) {
      const message = `Rule "${rule.id}" matches nothing: there is nothing that it could be broken by. Mend or remove it.`;
      own.push(
        context.issue('conformance.rule-matches-nothing', message, context.document.locate(['rules', index, 'id'])),
      );
    }
    if (ids.has(rule.id)) {
      const at = context.document.locate(['rules', index, 'id']);
      own.push(context.issue('conformance.duplicate-rule', `Two rules have the id "${rule.id}".`, at));
    }
    ids.add(rule.id);
    issues.push(...own);
    const broken = own.some((issue) => issue.severity === 'error') || context.plan.unusable.has(rule.id);
    if (!broken) evaluated.add(rule.id);
    const violations = await Promise.all(finding.drafts.map((draft) => toViolation(rule, draft)));
    found.push({ rule, finding, violations, broken });
  }
  issues.push(...context.components.issues(context.document, context.sources, requiredModules(context)));

  const open: Violation[] = [];
  const accepted: AcceptedViolation[] = [];
  const known = exceptions.baseline && new KnownViolations(exceptions.baseline.file, exceptions.baseline.text);
  for (const violation of found.flatMap(({ violations }) => violations).sort(compareViolations)) {
    if (known?.accepts(violation) === true) {
      accepted.push({ ...violation, accepted: { by: 'baseline' } });
      continue;
    }
    const { id, note } = exceptionFor(violation, exceptions.deviations, ids, exceptions.today);
    if (id !== undefined) accepted.push({ ...violation, accepted: { by: 'deviation', id } });
    else open.push(note === undefined ? violation : { ...violation, message: `${violation.message} ${note}` });
  }
  issues.push(...(known?.issues(evaluated, ids) ?? []));
  issues.sort(compareIssues);
  const rules = found.map(({ rule, finding, broken }) => {
    const count = (list: readonly Violation[]) => list.filter((one) => one.rule === rule.id).length;
    return toResult(rule, finding, count(open), count(accepted), broken);
  });
  return { ...overall(open, issues), rules, violations: open, accepted, issues };
}

function severityOf(rule: Rule): Severity {
  return rule.severity ?? (rule.kind === 'resource' ? 'warning' : 'error');
}

async function toViolation(rule: Rule, draft: Draft): Promise<Violation> {
  const { file, range, message, target, related = [] } = draft;
  const digest = await sha256(draft.text);
  return {
    rule: rule.id,
    kind: rule.kind,
    severity: severityOf(rule),
    file,
    range,
    message,
    target,
    digest,
    why: rule.why,
    related,
  };
}

function toResult(rule: Rule, finding: Finding, open: number, accepted: number, broken: boolean): RuleResult {
  const verdict: RuleVerdict = open > 0 ? 'fail' : broken ? 'not-evaluated' : 'pass';
  const title = rule.title ?? (rule.kind === 'resource' ? RESOURCES[rule.check].title : rule.id);
  const { looked, counts = {} } = finding;
  const { id, kind, why } = rule;
  return { id, kind, title, severity: severityOf(rule), why, verdict, looked, open, accepted, counts };
}

function overall(open: readonly Violation[], issues: readonly Issue[]): { verdict: Verdict; reason: string } {
  const broken = open.filter(({ severity }) => severity === 'error').length;
  if (broken > 0) return { verdict: 'fail', reason: `${plural(broken, 'open violation')} of rules that must hold.` };
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return { verdict: 'error', reason: `${plural(errors, 'problem')} with rules, baseline or files.` };
  const advisory = open.length === 0 ? '' : ` ${plural(open.length, 'advisory finding')}.`;
  return { verdict: 'pass', reason: `All rules that must hold do.${advisory}` };
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function compareViolations(a: Violation, b: Violation): number {
  return compareIssues({ ...a, code: a.rule }, { ...b, code: b.rule });
}

/** Modules that a structure rule asks for: their absence is a violation of that rule, not a wrong glob. */
function requiredModules(context: Context): Set<string> {
  return new Set(context.rules.rules.flatMap((rule) => (rule.kind === 'structure' ? rule.required : [])));
}
