import { definitionDigest } from '../../evidence/inputs.ts';
import type { Resource } from '../../model/evidence.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import { analysed, notRun } from '../step.ts';
import { ownVerdict, type Validator } from './validator.ts';

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
        // A day that passes is no change of any file, but it can take a deviation out of force.
        outside: () => expiredDeviations(snapshot),
        command: 'infrabuilder conformance',
        async measure({ signal }) {
          if (ports.conformance === undefined) return notRun('The conformance scan is not available here.');
          const { verdict, reason, files, rules, issues } = await ports.conformance(snapshot, signal);
          if (verdict === 'not-run') return notRun(reason, issues);
          const held = rules.filter((rule) => rule.verdict === 'pass').length;
          const open = rules.reduce((sum, rule) => sum + rule.open, 0);
          const values = [
            { name: 'files', value: files, unit: 'count' },
            { name: 'rules_held', value: held, unit: 'count', n: rules.length },
            { name: 'open_violations', value: open, unit: 'count', max: 0 },
          ];
          return analysed({ verdict, reason, values, issues });
        },
      },
    ];
  },
  judge: (_goal, [facts]) => ownVerdict(facts),
};

async function expiredDeviations({ issues }: Snapshot): Promise<readonly Resource[]> {
  const expired = issues.filter(({ code }) => code === 'deviation.expired').map(({ file }) => file);
  return expired.length === 0 ? [] : [await definitionDigest('expired deviations', expired)];
}
