import { bindLine } from '../../goals/acceptance.ts';
import { parseAcceptance } from '../../parse/acceptance.ts';
import { mentions, mentionsTask } from '../../parse/mentions.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import type { ClaimVerdict, Statement } from '../claim.ts';
import type { Proofs, Ruling } from './proofs.ts';

const TESTS = /\b(?:tests?|test suites?|unit tests?|go test|suite|coverage|ci|pipeline)\b|^PASS|^ok\s/iu;
const BUILD = /\b(?:builds?|compil\w+|binary|binaries)\b/iu;
const LINT = /\b(?:lint\w*|static analysis|vet)\b/iu;
const EVERYTHING =
  /\b(?:all|every|each|overall)\b[^.;|]{0,30}\b(?:goals?|checks?|kpis?|validations?|results?|criteria|requirements?)\b|\boverall result\b|\b(\d+)\s?(?:of|\/)\s?\1 (?:goals?|checks?|kpis?)\b/iu;

/** What a status line or a ticked box is about, judged one by one, and the worst of it. */
export function judgeStatus(
  statement: Statement,
  snapshot: Snapshot,
  proofs: Proofs,
  tasks: ReadonlyMap<string, Ruling>,
): Ruling {
  const { text, runs } = statement;
  const { goals } = proofs.checkpoint;
  const named = goals.filter(({ goal }) => mentions(text, goal.id) || mentions(text, goal.title));
  const rulings = named.map((state) => proofs.goal(state));
  // What names its evidence is judged by that, not by other things that happen to have the name of one of its words.
  const quoted = proofs.quoted(text);
  if (runs.length > 0) rulings.push(...proofs.runs(runs));
  else if (quoted !== undefined) rulings.push(quoted);
  else rulings.push(...judgeNamed(text, snapshot, proofs, tasks, named.length > 0));
  const build = proofs.build();
  const needsBuild = named.some(({ goal }) => goal.kind === 'checks') || speaksOfBuild(statement);
  const isAboutBuild = BUILD.test(text) && rulings.length === 0;
  if (needsBuild && (build.verdict === 'contradicted' || isAboutBuild)) rulings.push(build);
  return worst(rulings);
}

function judgeNamed(
  text: string,
  snapshot: Snapshot,
  proofs: Proofs,
  tasks: ReadonlyMap<string, Ruling>,
  namesGoal: boolean,
): Ruling[] {
  const { goals, states } = proofs.checkpoint;
  const rulings = states
    .filter(
      ({ step: { id } }) => !id.startsWith('goal:') && isStepNamed(text, id, id.slice(id.indexOf(':') + 1), snapshot),
    )
    .map((state) => proofs.step(state));
  for (const [slug, ruling] of tasks) if (namesTask(text, slug)) rulings.push(ruling);
  if (namesGoal) return rulings;
  const line = bindLine(parseAcceptance(text), states);
  if (line.verdict === 'holds' || line.verdict === 'fails') {
    rulings.push(bound(line.verdict, line.detail, line.steps, proofs));
  }
  if (EVERYTHING.test(text)) {
    rulings.push(...goals.filter(({ goal }) => goal.applies !== false).map((state) => proofs.goal(state)));
  }
  return rulings;
}

/** A slug of one word is a word of many sentences. */
function namesTask(text: string, slug: string): boolean {
  if (/[_-]/.test(slug)) return mentionsTask(text, { slug, title: undefined });
  return new RegExp(`\`${asPattern(slug)}\`|\\btask \`?${asPattern(slug)}\\b`).test(text);
}

/** Also by the headings above: a row of a table under "Tests" is about tests. */
function speaksOfBuild({ kind, text, context }: Statement): boolean {
  const all = kind === 'status' ? `${text} ${context}` : text;
  return [TESTS, BUILD, LINT, EVERYTHING].some((pattern) => pattern.test(all));
}

function isStepNamed(text: string, id: string, name: string, { config }: Snapshot): boolean {
  if (/[_-]/.test(name) && mentions(text, name)) return true;
  if (!id.startsWith('check:')) return new RegExp(`\\bscenario\\s+\`?${asPattern(name)}\\b`, 'i').test(text);
  if (new RegExp(`\\b(?:check|make|npm run)\\s+\`?${asPattern(name)}\\b|\`${asPattern(name)}\``, 'i').test(text))
    return true;
  const parser = Object.hasOwn(config.checks, name) ? config.checks[name]?.parser : undefined;
  if (parser === 'gotest' || name === 'test') return TESTS.test(text);
  return (parser === 'golangci' || name === 'lint') && LINT.test(text);
}

function bound(verdict: 'holds' | 'fails', detail: string, steps: readonly string[], proofs: Proofs): Ruling {
  const paths = proofs.checkpoint.states
    .filter(({ step }) => steps.includes(step.id))
    .flatMap(({ fresh }) => fresh?.path ?? []);
  return { verdict: verdict === 'holds' ? 'supported' : 'contradicted', evidence: paths, reason: `${detail}.` };
}

const ORDER: readonly ClaimVerdict[] = ['contradicted', 'no-evidence', 'stale', 'supported'];

/** A claim is as good as the weakest thing that it names; of nothing it is a claim alone. */
export function worst(rulings: readonly Ruling[]): Ruling {
  const verdict = ORDER.find((one) => rulings.some((ruling) => ruling.verdict === one));
  const chosen = rulings.filter((ruling) => ruling.verdict === verdict);
  const [first] = chosen;
  if (verdict === undefined || first === undefined) {
    return {
      verdict: 'no-evidence',
      evidence: [],
      reason: 'It names no goal, check, scenario or task that evidence knows.',
    };
  }
  const more = chosen.length === 1 ? '' : ` And ${chosen.length - 1} more.`;
  return {
    verdict,
    evidence: [...new Set(chosen.flatMap(({ evidence }) => evidence))],
    reason: `${first.reason}${more}`,
  };
}

function asPattern(text: string): string {
  return text.replace(/[.+*?^${}()|[\]\\]/g, '\\$&');
}
