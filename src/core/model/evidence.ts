import { z } from 'zod';
import { VERDICTS, type Verdict } from './verdict.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const OWN = 'https://github.com/infrabuilder/infrabuilder/attestation';
/** What a piece of evidence says. A measurement is a test result; a word of a person or a change of state is our own. */
export const PREDICATE_TYPES = {
  measurement: 'https://in-toto.io/attestation/test-result/v0.1',
  'sign-off': `${OWN}/sign-off/v1`,
  waiver: `${OWN}/waiver/v1`,
  task: `${OWN}/task/v1`,
} as const;

export const SHA256_PATTERN = /^[0-9a-f]{64}$/;
const sha256 = z.string().regex(SHA256_PATTERN);
const digest = z.object({ sha256 });
const resource = z.object({ name: z.string().min(1), digest });
const reference = z.object({ run: z.string().min(1), sha256 });

/** Names a piece of evidence and the SHA-256 of its file. */
export type Reference = z.infer<typeof reference>;
/** Something that was looked at, with the SHA-256 of its content. */
export type Resource = z.infer<typeof resource>;

/** A name that is one path part on every system; time first, so that names sort by age. */
export const RUN_PATTERN = /^(\d{8}T\d{9}Z)-(.+)-([0-9a-f]{8})$/;

const common = {
  run: z.string().regex(RUN_PATTERN).describe('Names the file.'),
  engine: z.string().describe('Version of InfraBuilder.'),
  started: z.iso.datetime(),
  written: z.iso.datetime().describe('Also the time in the name: what is written later follows.'),
  previous: z.array(reference).describe('Heads of the chain when this was written.'),
  seal: sha256.describe('SHA-256 of the statement without this field.'),
};

const value = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string().exactOptional(),
  n: z.number().exactOptional(),
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  verdict: z.enum(VERDICTS).exactOptional(),
});

const position = z.object({ line: z.number(), column: z.number() });
const finding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  file: z.string(),
  range: z.object({ start: position, end: position }),
});

const verdict = z.enum(VERDICTS);
const scenario = z.object({
  run: z.string(),
  seed: z.number(),
  load: z.object({ asked: z.number(), achieved: z.number(), unit: z.string() }).nullable(),
  faults: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      target: z.string().nullable(),
      atSeconds: z.number(),
      durationSeconds: z.number(),
      injected: verdict,
      recovered: verdict,
      events: z.array(z.string()),
      note: z.string(),
    }),
  ),
  steps: z.array(z.object({ scenario: z.string(), step: z.number(), action: z.string(), verdict, note: z.string() })),
  controlEvents: z.array(z.string()).nullable(),
  report: z.string().nullable(),
});
export type ScenarioEvidence = z.infer<typeof scenario>;

const output = z.object({
  name: z.string(),
  path: z.string(),
  bytes: z.number(),
  digest,
  kept: z.boolean().describe('False where only its digest is kept and the file itself may be cleaned up.'),
});
/** Raw output that the figures came from. */
export type Output = z.infer<typeof output>;

const measurementSchema = z.object({
  ...common,
  result: z.enum(['PASSED', 'FAILED']).describe('PASSED for the verdict pass alone.'),
  configuration: z.array(resource).describe('What was asked for: the definition of the check, scenario or goal.'),
  step: z.string().describe('check:<name>, scenario:<name> or goal:<id>.'),
  verdict,
  reason: z.string(),
  values: z.array(value),
  tests: z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }).nullable(),
  issues: z.array(finding),
  scenario: scenario.nullable(),
  argv: z.array(z.string()),
  cwd: z.string(),
  exitCode: z.number().nullable(),
  command: z.string().describe('What reproduces it.'),
  tools: z.record(z.string(), z.string()),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
  commits: z.record(z.string(), z.string()),
  durationMs: z.number(),
  outputs: z.array(output),
});

const person = {
  by: z.string().min(1),
  terminal: z.boolean().describe('Whether a person sat at a terminal when it was given.'),
};

const signOffSchema = z.object({ ...common, ...person, task: z.string(), line: z.string(), reason: z.string() });
const waiverSchema = z.object({ ...common, ...person, finding: z.string(), reason: z.string() });

export const TASK_EVENTS = ['opened', 'reopened', 'done'] as const;
export type TaskEvent = (typeof TASK_EVENTS)[number];
const taskSchema = z.object({
  ...common,
  task: z.string(),
  event: z.enum(TASK_EVENTS),
  commits: z.record(z.string(), z.string()).describe('Folder to commit of its repository.'),
  goals: z.record(z.string(), verdict),
  evidence: z.array(reference).describe('What the verdicts rest on.'),
  signOffs: z.array(reference),
  waivers: z.array(reference),
});

const head = { _type: z.literal(STATEMENT_TYPE), subject: z.array(resource).min(1) };
export const statementSchema = z.discriminatedUnion('predicateType', [
  z.object({ ...head, predicateType: z.literal(PREDICATE_TYPES.measurement), predicate: measurementSchema }),
  z.object({ ...head, predicateType: z.literal(PREDICATE_TYPES['sign-off']), predicate: signOffSchema }),
  z.object({ ...head, predicateType: z.literal(PREDICATE_TYPES.waiver), predicate: waiverSchema }),
  z.object({ ...head, predicateType: z.literal(PREDICATE_TYPES.task), predicate: taskSchema }),
]);

/** One file under `reports/evidence/`: an in-toto Statement. */
export type Statement = z.infer<typeof statementSchema>;
export type StatementOf<K extends keyof typeof PREDICATE_TYPES> = Extract<
  Statement,
  { predicateType: (typeof PREDICATE_TYPES)[K] }
>;
export type Measurement = StatementOf<'measurement'>['predicate'];
export type SignOff = StatementOf<'sign-off'>['predicate'];
export type Waiver = StatementOf<'waiver'>['predicate'];
export type TaskRecord = StatementOf<'task'>['predicate'];

export function isKind<K extends keyof typeof PREDICATE_TYPES>(
  kind: K,
  statement: Statement,
): statement is StatementOf<K> {
  return statement.predicateType === PREDICATE_TYPES[kind];
}

/** `20261122T081500123Z-check-lint-0a1b2c3d`. `label` loses what a file name cannot hold; `nonce` has 8 hexadecimal digits. */
export function runName(written: Date, label: string, nonce: string): string {
  const stamp = written.toISOString().replace(/[-:.]/g, '');
  return `${stamp}-${label.replace(/[^A-Za-z0-9_-]+/g, '-')}-${nonce}`;
}

/** External readers of test results know two results; whatever is not a pass is a failure to them. */
export function resultOf(verdict: Verdict): 'PASSED' | 'FAILED' {
  return verdict === 'pass' ? 'PASSED' : 'FAILED';
}

/** What a task event's file name says: validation of thousands of tasks must not read the files. */
export function taskEventOf(
  fileName: string,
): { readonly task: string; readonly event: TaskEvent; readonly at: string } | undefined {
  const [, at = '', label = ''] = RUN_PATTERN.exec(fileName.replace(/\.json$/, '')) ?? [];
  const [, event = '', task = ''] = /^task-(opened|reopened|done)-(.+)$/.exec(label) ?? [];
  return task === '' ? undefined : { task, event: event as TaskEvent, at };
}
