import type { Issue, RelatedLocation, Severity } from '../../model/issue.ts';
import type { Location, Range } from '../../model/source.ts';
import type { ConformanceReport, Violation } from '../report.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;
const ROOT = 'WORKSPACE';

/** A SARIF 2.1.0 log. Accepted violations are suppressed results, problems with rules are notifications. */
export function reportSarif(report: ConformanceReport, version: string) {
  const indexOf = new Map(report.rules.map(({ id }, index) => [id, index]));
  const result = (one: Violation) => ({
    ruleId: one.rule,
    ...(indexOf.has(one.rule) ? { ruleIndex: indexOf.get(one.rule) } : {}),
    level: LEVELS[one.severity],
    message: { text: one.message },
    locations: [{ physicalLocation: physical(one) }],
    ...(one.related.length === 0 ? {} : { relatedLocations: one.related.map(relatedLocation) }),
    partialFingerprints: { 'violation/v1': `${one.rule}:${one.file}:${one.target}:${one.digest}` },
  });
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'InfraBuilder conformance',
            version,
            rules: report.rules.map(({ id, title, kind, severity, why }) => ({
              id,
              name: id,
              shortDescription: { text: title },
              defaultConfiguration: { level: LEVELS[severity] },
              ...(why === undefined ? {} : { help: { text: `Why: ${why}` } }),
              properties: { kind },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { description: { text: 'The workspace root.' } } },
        invocations: [
          {
            executionSuccessful: report.verdict !== 'error' && report.verdict !== 'not-run',
            toolConfigurationNotifications: report.issues.map(notification),
          },
        ],
        results: [
          ...report.violations.map(result),
          ...report.accepted.map((one) => ({
            ...result(one),
            suppressions: [
              {
                kind: 'external',
                status: 'accepted',
                justification:
                  one.accepted.by === 'deviation' ? `Deviation ${one.accepted.id}` : 'Known violation of the baseline',
              },
            ],
          })),
        ],
      },
    ],
  };
}

function notification({ code, severity, message, file, range }: Issue) {
  return {
    descriptor: { id: code },
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: physical({ file, range }) }],
  };
}

function relatedLocation(related: RelatedLocation, index: number) {
  return { id: index, message: { text: related.message }, physicalLocation: physical(related) };
}

function physical({ file, range }: Location) {
  return { artifactLocation: { uri: uri(file), uriBaseId: ROOT }, region: region(range) };
}

function uri(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

function region({ start, end }: Range) {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
