import { posix } from 'node:path';
import { definitionDigest } from '../../evidence/inputs.ts';
import { checkSchema } from '../../model/check.ts';
import type { GoalOf } from '../../model/goal.ts';
import { combineVerdicts } from '../../model/verdict.ts';
import { type Measured, notRun } from '../step.ts';
import { fromCheck } from './checks.ts';
import { goalPlace, ownVerdict, type StepContext, type Validator } from './validator.ts';

const PROTO = /\.proto$/;
const BUF_WORKSPACE = /^buf\.work\.yaml$/;
const BUF_MODULE = /^buf\.yaml$/;

/** G-1: the real `buf breaking` against a revision of the repository that holds the schema. */
export const schemaValidator: Validator<'schema'> = {
  steps(goal, context) {
    const { ports, config, inputs } = context;
    const { source } = config.paths;
    return [
      {
        id: `goal:${goal.id}`,
        beside: 'all',
        definition: { against: goal.against },
        inputs: [inputs.protos],
        outside: async () => [await basis(goal, context)],
        command: `infrabuilder verify --goal ${goal.id} --force`,
        async measure({ signal }) {
          const files = [...(await ports.tree.list([source])).keys()].filter((path) => inputs.protos.matches(path));
          const protos = files.filter((path) => PROTO.test(path));
          if (protos.length === 0) return notRun(`There is no .proto file below ${source}.`);
          const measured: Measured[] = [];
          for (const folder of bufRoots(files, source)) measured.push(await compare(goal, folder, context, signal));
          const verdict = combineVerdicts(measured.map((one) => one.verdict));
          const worst = measured.find((one) => one.verdict === verdict) ?? measured[0];
          if (worst === undefined) return notRun(`There is no .proto file below ${source}.`);
          return {
            ...worst,
            values: [
              { name: 'proto_files', value: protos.length, unit: 'count' },
              { name: 'breaking_changes', value: worst.ran ? breaking(measured) : Number.NaN, unit: 'count', max: 0 },
            ].filter(({ value }) => Number.isFinite(value)),
            issues: measured.flatMap((one) => one.issues),
            raw: measured.flatMap((one, at) =>
              one.raw.map((raw) => ({ ...raw, name: at === 0 ? raw.name : `${at}-${raw.name}` })),
            ),
          };
        },
      },
    ];
  },
  judge: (_goal, [facts]) => ownVerdict(facts),
};

function breaking(measured: readonly Measured[]): number {
  return measured.flatMap((one) => one.issues).filter((issue) => issue.code !== 'buf.broken').length;
}

/** The schema at the revision: another base is another comparison, also where no file of today changed. */
async function basis(goal: GoalOf<'schema'>, { ports, config, inputs }: StepContext) {
  const { source } = config.paths;
  const revision = await ports.tree.revision(source, goal.against);
  const name = `schema at ${goal.against}`;
  if (revision.kind !== 'commit') return definitionDigest(name, revision.kind);
  const files = [...(await ports.tree.listAt(source, revision.commit))].filter(([path]) => inputs.protos.matches(path));
  return definitionDigest(name, files);
}

async function compare(
  goal: GoalOf<'schema'>,
  folder: string,
  { ports, snapshot }: StepContext,
  signal: AbortSignal | undefined,
): Promise<Measured> {
  const revision = await ports.tree.revision(folder, goal.against);
  if (revision.kind === 'no-such-revision') {
    const hint =
      goal.against === 'HEAD^'
        ? ' Before the second commit there is nothing to compare with: commit, then verify again.'
        : ' Mend "against" of the goal.';
    return notRun(`${revision.reason}${hint}`);
  }
  if (revision.kind !== 'commit') return notRun(revision.reason);
  const before = [...(await ports.tree.listAt(folder, revision.commit)).keys()].filter((path) => PROTO.test(path));
  if (before.length === 0) return notRun(`There was no .proto file below ${folder} at ${goal.against}.`);
  const subfolder = revision.prefix === '' ? '' : `,subdir=${revision.prefix}`;
  const against = `${revision.gitFolder}#ref=${revision.commit}${subfolder}`;
  const check = checkSchema.parse({
    run: ['buf', 'breaking', '--against', against, '--error-format=json'],
    cwd: folder,
    parser: 'buf',
  });
  const result = await ports.checks.run(goal.id, check, { signal, definition: goalPlace(goal, snapshot) });
  const reason =
    result.verdict === 'pass' ? `buf found no breaking change since ${goal.against} in ${folder}.` : result.reason;
  return { ...fromCheck({ ...result, reason }), programs: ['buf'] };
}

/** The folders where buf has to run: workspaces, else modules, else the source folder itself. The outermost ones only. */
export function bufRoots(files: readonly string[], source: string): string[] {
  const configured = [BUF_WORKSPACE, BUF_MODULE].flatMap((pattern) =>
    files.filter((path) => pattern.test(posix.basename(path))).map((path) => posix.dirname(path)),
  );
  const outermost = [...new Set(configured)].filter(
    (folder, _, all) => !all.some((other) => other !== folder && (other === '.' || folder.startsWith(`${other}/`))),
  );
  return outermost.length > 0 ? outermost.sort() : [source];
}
