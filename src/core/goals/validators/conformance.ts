import { withApprovals } from '../../evidence/approvals.ts';
import { definitionDigest } from '../../evidence/inputs.ts';
import { coveredValues } from '../../model/covered.ts';
import type { Resource } from '../../model/evidence.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import { analysed, notRun } from '../step.ts';
import { ownVerdict, type Validator, type ValidatorPorts } from './validator.ts';

const RULES = 'conformance.yaml';
const BASELINE = 'conformance.baseline.json';

/** G-9: the conformance scan. Accepted violations count as such only where the scan says so. */
export const conformanceValidator: Validator<'conformance'> = {
  steps(goal, { ports, snapshot, inputs }) {
    return [
      {
        id: `goal:${goal.id}`,
        beside: 'all',
        definition: { kind: goal.kind },
        inputs: [inputs.source, inputs.docs, inputs.file(RULES), inputs.file(BASELINE)],
        // Neither a day that passes nor an approval in evidence changes any of these files.
        outside: () => deviationsOutOfForce(snapshot, ports),
        command: 'infrabuilder conformance',
        async measure({ signal }) {
          if (ports.conformance === undefined) return notRun('The conformance scan is not available here.');
          const { verdict, reason, files, rules, accepted, issues } = await ports.conformance(snapshot, signal);
          if (verdict === 'not-run') return notRun(reason, issues);
          const held = rules.filter((rule) => rule.verdict === 'pass').length;
          const open = rules.reduce((sum, rule) => sum + rule.open, 0);
          const values = [
            { name: 'files', value: files, unit: 'count' },
            { name: 'rules_held', value: held, unit: 'count', n: rules.length },
            { name: 'open_violations', value: open, unit: 'count', max: 0 },
            ...coveredValues(accepted.flatMap((one) => (one.accepted.by === 'deviation' ? one.accepted.id : []))),
          ];
          return analysed({ verdict, reason, values, issues });
        },
      },
    ];
  },
  judge: (_goal, [facts]) => ownVerdict(facts),
};

/** Files of deviations that say that they are approved, and cover nothing. */
async function deviationsOutOfForce(
  snapshot: Snapshot,
  { evidence }: Pick<ValidatorPorts, 'evidence'>,
): Promise<readonly Resource[]> {
  const expired = snapshot.issues.filter(({ code }) => code === 'deviation.expired').map(({ file }) => file);
  const approved = snapshot.deviations.filter(({ value }) => value.status === 'approved');
  const known = approved.length === 0 ? [] : await withApprovals(approved, (await evidence(snapshot).load()).entries);
  const unrecorded = known.filter(({ recorded }) => !recorded).map(({ file }) => file);
  const groups = Object.entries({ 'expired deviations': expired, 'deviations without an approval': unrecorded });
  return Promise.all(groups.filter(([, files]) => files.length > 0).map((group) => definitionDigest(...group)));
}
