import type { ConformanceReport, RuleResult, Violation } from '../report.ts';

const MARK = { pass: '✅', fail: '❌', 'not-evaluated': '⚪' } as const;

/** The report of plan section 8.2: structure, interfaces with counts, patterns, boundaries, resources. */
export function reportMarkdown(report: ConformanceReport): string {
  const of = (...kinds: RuleResult['kind'][]) => report.rules.filter(({ kind }) => kinds.includes(kind));
  return [
    '# Architecture Conformance Report',
    '',
    `Verdict: **${report.verdict}**. ${report.reason} ${report.files} source files, ${report.rules.length} rules.`,
    '',
    section('Module Structure Conformance', structureLines(report, of('structure'))),
    section('Interface Conformance', interfaceLines(report, of('interface'))),
    section('Pattern Conformance', ruleLines(report, of('pattern'), 'Present and correctly used', 'Missing or broken')),
    section('Boundary Violations', boundaryLines(report, of('boundary', 'layers', 'acyclic', 'independent'))),
    section('Resource Management', ruleLines(report, of('resource'), 'Managed', 'Not managed')),
    section('Accepted Violations', acceptedLines(report)),
    section(
      'Problems',
      report.issues.map((issue) => `- ${place(issue)}: ${issue.severity}: ${escaped(issue.message)}`),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return [`## ${title}`, '', ...(lines.length === 0 ? ['- none'] : lines), ''].join('\n');
}

function structureLines(report: ConformanceReport, rules: readonly RuleResult[]): string[] {
  return rules.flatMap((rule) => {
    const { id, counts, verdict } = rule;
    const modules = Object.entries(counts).map(([module, files]) =>
      files > 0
        ? `- ${module}: ✅ Present and correctly structured (${files} files)`
        : `- ${module}: ❌ Missing or incorrectly structured`,
    );
    const misplaced = violationLines(report, rule, ({ target }) => !Object.hasOwn(counts, target));
    const some = misplaced.length > 0 || modules.length === 0;
    return [
      ...modules,
      ...(some ? [`- ${id}: ${MARK[verdict]} ${misplaced.length} misplaced files`, ...misplaced] : []),
    ];
  });
}

function interfaceLines(report: ConformanceReport, rules: readonly RuleResult[]): string[] {
  return rules.flatMap((rule) => {
    const methods = Object.entries(rule.counts).map(([method, count]) => {
      const complete = rule.verdict !== 'not-evaluated' && count === rule.looked && count > 0;
      return `- ${method}: ${complete ? '✅ Implemented across modules' : '❌ Missing implementations'} (${count} of ${rule.looked} likely implementations)`;
    });
    return [...methods, ...violationLines(report, rule)];
  });
}

function ruleLines(report: ConformanceReport, rules: readonly RuleResult[], good: string, bad: string): string[] {
  return rules.flatMap((rule) => {
    const advisory = rule.severity === 'error' ? '' : ' (advisory)';
    // What a baseline or deviation accepts passes, but it is not there.
    const tolerated = rule.verdict === 'pass' && rule.accepted > 0;
    const text = rule.verdict === 'not-evaluated' ? 'Not evaluated' : rule.verdict === 'fail' || tolerated ? bad : good;
    const mark = tolerated ? MARK.fail : MARK[rule.verdict];
    const count = tolerated ? `, ${rule.accepted} accepted` : '';
    return [`- ${escaped(rule.title)}: ${mark} ${text}${count}${advisory}`, ...violationLines(report, rule)];
  });
}

function boundaryLines(report: ConformanceReport, rules: readonly RuleResult[]): string[] {
  return rules.flatMap((rule) => [
    `- ${escaped(rule.title)}: ${MARK[rule.verdict]} ${rule.open === 0 ? 'No open violation' : `${rule.open} open`}`,
    ...violationLines(report, rule),
  ]);
}

function violationLines(
  report: ConformanceReport,
  { id }: RuleResult,
  picked: (violation: Violation) => boolean = () => true,
): string[] {
  return report.violations
    .filter((one) => one.rule === id && picked(one))
    .map((one) => `  - ${place(one)}: ${escaped(one.message)}`);
}

function acceptedLines(report: ConformanceReport): string[] {
  return report.accepted.map((one) => {
    const by = one.accepted.by === 'deviation' ? `deviation ${one.accepted.id}` : 'the baseline';
    return `- ${place(one)}: ${one.rule}, accepted by ${by}`;
  });
}

function place({ file, range }: Pick<Violation, 'file' | 'range'>): string {
  return `\`${file}:${range.start.line}\``;
}

/** Text from code must not become markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, '\\$&');
}
