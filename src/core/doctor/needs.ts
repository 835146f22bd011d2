import type { Check } from '../model/check.ts';
import type { Goal } from '../model/goal.ts';
import { compareText } from '../model/issue.ts';
import type { ToolSpec } from './tool.ts';
import { OTHER_TOOLS, PLAN_TOOLS, unknownTool } from './tools.ts';

/** What a workspace asks of the machine. */
export interface Needs {
  readonly checks: Readonly<Record<string, Check>>;
  readonly goals: readonly Goal[];
  /** Names of the platforms that must be served here, such as `kind`. */
  readonly platforms: readonly string[];
}

/** A tool, who needs it (`check lint`, `goal G-1`, `platform kind`), and whether the workspace cannot do without. */
export interface NeededTool {
  readonly spec: ToolSpec;
  readonly neededBy: readonly string[];
  readonly required: boolean;
}

const PLATFORM_TOOLS: Readonly<Record<string, readonly string[]>> = {
  kind: ['kind', 'docker'],
  kubernetes: ['kind', 'docker'],
  docker: ['docker'],
  firecracker: ['firecracker'],
};

/**
 * The nine tools of the plan, then those that the checks run. Required is what a check that is not optional runs, and
 * what a platform stands on. A goal makes a tool needed but not required: without it the goal is `not-run`, and says so.
 */
export function neededTools(needs: Needs): NeededTool[] {
  const users = new Map<string, { neededBy: string[]; required: boolean }>();
  const use = (id: string, by: string, required: boolean): void => {
    const entry = users.get(id) ?? { neededBy: [], required: false };
    users.set(id, { neededBy: [...entry.neededBy, by], required: entry.required || required });
  };
  for (const [name, check] of Object.entries(needs.checks)) {
    for (const id of toolsOf(check.run)) use(id, `check ${name}`, !check.optional);
  }
  for (const platform of needs.platforms) {
    for (const id of PLATFORM_TOOLS[platform] ?? []) use(id, `platform ${platform}`, true);
  }
  for (const goal of needs.goals) {
    if (goal.applies === false) continue;
    const argv = goal.kind === 'schema' ? ['git', 'buf'] : goal.kind === 'command' ? toolsOf(goal.run) : [];
    for (const id of argv) use(id, `goal ${goal.id}`, false);
  }
  const known = [...PLAN_TOOLS, ...OTHER_TOOLS.filter((spec) => users.has(spec.id))];
  const unknown = [...users.keys()].filter((id) => !known.some((spec) => spec.id === id)).sort(compareText);
  return [...known, ...unknown.map(unknownTool)].map((spec) => ({
    spec,
    neededBy: users.get(spec.id)?.neededBy ?? [],
    required: users.get(spec.id)?.required ?? false,
  }));
}

/** The ids of the tools that an argv needs; a path is a file of the workspace, not a tool. */
function toolsOf(argv: readonly string[]): string[] {
  const [program = '', ...args] = argv;
  if (/[\\/]/.test(program)) return [];
  const name = program.replace(/\.(exe|cmd|bat)$/i, '');
  const known = [...PLAN_TOOLS, ...OTHER_TOOLS].find((spec) => spec.programs.includes(name));
  const race = name === 'go' && args.includes('-race') ? ['c-compiler'] : [];
  return [known?.id ?? name, ...race];
}
