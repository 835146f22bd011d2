import type { Issue } from '../../model/issue.ts';
import { lineRange } from '../../model/source.ts';
import type { Execution } from '../claim.ts';
import type { Repository } from '../repository.ts';
import { finding, lineText, quoted } from './finding.ts';
import type { Material } from './index.ts';
import { testlessModules } from './source.ts';

const MOST_RELATED = 10;

/** What was run and does not hold, with the claims that say it does; and claims that evidence denies. */
export function contradictions({ repository, proofs, judged, broken }: Material): Issue[] {
  const denied = judged.filter(({ claim }) => claim.verdict === 'contradicted');
  const failed = proofs.executions.filter(({ outcome }) => outcome === 'breaks').map((one) => broke(repository, one));
  const places = [...failed, ...broken].map(({ file, range }) => `${file}:${range.start.line}`);
  const isExplained = ({ claim }: Material['judged'][number]) => claim.evidence.some((one) => places.includes(one));
  const related = denied
    .filter(isExplained)
    .slice(0, MOST_RELATED)
    .map(({ claim: { file, line, text } }) => ({
      file,
      range: lineRange(line, lineText(repository.read(file), line)),
      message: `Claimed here: ${quoted(text)}`,
    }));
  return [
    ...[...failed, ...broken].map((issue) => (related.length === 0 ? issue : { ...issue, related })),
    ...denied
      .filter((one) => !isExplained(one))
      .map(({ claim: { file, line, text, reason } }) => {
        const place = { file, line, text: lineText(repository.read(file), line) };
        return finding('contradicted', 'error', `${quoted(text)} is not so. ${reason}`, place);
      }),
  ];
}

function broke(repository: Repository, { command, cwd, reason, place, check }: Execution): Issue {
  const file = place?.file ?? 'infrabuilder.yaml';
  const line = place?.range.start.line ?? 1;
  const what = check === undefined ? 'This does not compile' : `The check ${check} fails`;
  const message = `${what}: ${reason} Seen by "${command}" in ${cwd}.`;
  const code = check === undefined ? 'does-not-compile' : 'check-fails';
  return finding(code, 'error', message, { file, line, text: lineText(repository.read(file), line) });
}

/** Tasks in done/ that never went through the gate, and lists that say done of what lies elsewhere. */
export function movedByHand({ done, judged }: Material): Issue[] {
  const known = new Set(done.map(({ task }) => task.file));
  const others = judged.filter(
    ({ statement, claim }) =>
      statement.kind === 'task' && !known.has(claim.file) && /\/(?:done|completed?|closed)\//.test(claim.file),
  );
  const message = (slug: string) =>
    `${slug} lies among the done tasks, but no evidence says that it was completed: it was moved here by hand.`;
  return [
    ...done
      .filter(({ byHand }) => byHand)
      .map(({ task }) => finding('moved-by-hand', 'error', message(task.slug), { file: task.file, line: 1 })),
    ...others.map(({ claim, statement }) =>
      finding('moved-by-hand', 'error', message(statement.slug ?? claim.text), { file: claim.file, line: claim.line }),
    ),
  ];
}

/** Evidence that was edited, removed or renamed, as the ledger has found it. */
export function evidenceProblems({ proofs }: Material): Issue[] {
  const { issues, states } = proofs.checkpoint;
  const all = [...issues, ...states.flatMap((state) => state.issues)];
  return [...new Map(all.map((issue) => [`${issue.code} ${issue.file}`, issue])).values()].map((issue) => ({
    ...issue,
    code: `audit.${issue.code.replace(/^evidence\./, 'evidence-')}`,
  }));
}

/** Go modules without any test, where documents speak of tests that pass. */
export function untested({ repository, judged }: Material): Issue[] {
  const claim = judged.find(
    ({ statement }) => statement.kind !== 'figure' && /\btests?\b/i.test(statement.text),
  )?.claim;
  if (claim === undefined) return [];
  const related = [
    { file: claim.file, range: lineRange(claim.line, ''), message: `Claimed here: ${quoted(claim.text)}` },
  ];
  return testlessModules(repository).map(({ file, folder }) => {
    const message = `${folder === '.' ? 'This module' : folder} has no test file, so no test of it can have passed.`;
    return finding('no-tests', 'warning', message, { file, line: 1 }, related);
  });
}
