import { isBelow } from '../agent/guards/path.ts';
import type { EditRules } from '../agent/guards/place.ts';
import { inFolder, joinPath } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';

/** Where a model may write in this workspace: source, runbook and changelog; nothing of what decides about passing. */
export function editRules({ config, documents, layout }: Snapshot): EditRules {
  const { source: given, testbed, docs, tasks, reports, e2e } = config.paths;
  const source = joinPath(given);
  const folders = [testbed, docs, tasks, reports, e2e].map((path) => joinPath(path));
  const commands = [
    ...Object.values(config.checks).map(({ run, cwd }) => ({ run, cwd })),
    ...config.goals.flatMap((goal) => (goal.kind === 'command' ? [{ run: goal.run, cwd: goal.cwd ?? '.' }] : [])),
  ];
  return {
    source,
    documents: [
      documents.runbook ?? inFolder(layout.docs, 'runbook.md'),
      documents.changelog ?? inFolder(layout.docs, 'CHANGELOG.md'),
    ],
    // A folder that holds the source cannot be closed; what lies in it is left to the other rules.
    closed: folders.filter((folder) => !isBelow(source, folder)),
    commands,
  };
}
