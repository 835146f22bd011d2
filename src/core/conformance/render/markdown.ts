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
    section('Module Structure Conformance', structureLines(of('structure'))),
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

function structureLines(rules: readonly RuleResult[]): string[] {
  return rules.flatMap(({ id, counts, verdict, open }) => {
    const modules = Object.entries(counts).map(([module, files]) =>
      files > 0
        ? `- ${module}: ✅ Present and correctly structured (${files} files)`
        : `- ${module}: ❌ Missing or incorrectly structured`,
    );
    const missing = Object.values(counts).filter((files) => files === 0).length;
    const other =
      open > missing || modules.length === 0 ? [`- ${id}: ${MARK[verdict]} ${open - missing} misplaced files`] : [];
    return [...modules, ...other];
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
    const text = rule.verdict === 'pass' ? good : rule.verdict === 'fail' ? bad : 'Not evaluated';
    return [`- ${escaped(rule.title)}: ${MARK[rule.verdict]} ${text}${advisory}`, ...violationLines(report, rule)];
  });
}

function boundaryLines(report: ConformanceReport, rules: readonly RuleResult[]): string[] {
  return rules.flatMap((rule) => [
    `- ${escaped(rule.title)}: ${MARK[rule.verdict]} ${rule.open === 0 ? 'No open violation' : `${rule.open} open`}`,
    ...violationLines(report, rule),
  ]);
}

function violationLines(report: ConformanceReport, { id }: RuleResult): string[] {
  return report.violations.filter(({ rule }) => rule === id).map((one) => `  - ${place(one)}: ${escaped(one.message)}`);
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
