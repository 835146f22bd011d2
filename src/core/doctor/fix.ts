import { HumanError, throwIfCancelled } from '../base/errors.ts';
import type { Approval, Files, ProcessResult, System } from '../ports.ts';
import { type DoctorPorts, type DoctorReport, diagnose, isUsable, type ToolReport } from './diagnose.ts';
import type { Needs } from './needs.ts';
import type { Installer } from './tool.ts';
import { npmPrefix, TOOLS_BIN, toolPath } from './toolPath.ts';
import { OTHER_TOOLS, PLAN_TOOLS } from './tools.ts';

/** Go compiles golangci-lint for minutes on a small machine. */
const INSTALL_MS = 15 * 60_000;

export interface FixStep {
  readonly id: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Renames the installed file, where it has another name than the tool. */
  readonly rename?: { readonly from: string; readonly to: string };
}

export interface FixPlan {
  readonly steps: readonly FixStep[];
  /** What a person has to install: the exact command or the address, and the problem. */
  readonly advice: readonly { readonly id: string; readonly problem: string; readonly install: string }[];
}

export interface FixReport {
  readonly installed: readonly string[];
  readonly failed: readonly { readonly id: string; readonly command: string; readonly message: string }[];
  readonly advice: FixPlan['advice'];
  /** True where the person did not agree; nothing was installed then. */
  readonly declined: boolean;
  /** The state after the installs. */
  readonly doctor: DoctorReport;
}

export interface FixPorts extends DoctorPorts {
  readonly files: Files;
  readonly approval: Approval;
}

export interface FixOptions {
  /** Ids of tools; undefined: each one that a check, goal or platform needs. */
  readonly only?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** What `doctor --fix` would do. `available` are the ids of tools and installers (go, npm) that can be used. Pure. */
export function planFix(
  report: DoctorReport,
  available: ReadonlySet<string>,
  root: string,
  only?: readonly string[],
): FixPlan {
  const wanted = (tool: ToolReport) => only?.includes(tool.id) ?? (tool.required || tool.neededBy.length > 0);
  const steps: FixStep[] = [];
  const advice: FixPlan['advice'][number][] = [];
  for (const tool of report.tools) {
    if (isUsable(tool) || tool.status === 'unsupported' || !wanted(tool)) continue;
    const spec = [...PLAN_TOOLS, ...OTHER_TOOLS].find(({ id }) => id === tool.id);
    const installer = spec?.installers.find((candidate) => available.has(candidate.with));
    if (installer) steps.push(stepOf(tool.id, installer, root, report.platform.os));
    else advice.push({ id: tool.id, problem: tool.problem ?? '', install: tool.install ?? '' });
  }
  return { steps, advice };
}

/** Asks, installs one after the other, and looks again. One that fails does not stop the others. HumanError for an unknown tool. */
export async function fix(needs: Needs, ports: FixPorts, options: FixOptions = {}): Promise<FixReport> {
  const { signal, only } = options;
  const before = await diagnose(needs, ports, signal);
  refuseUnknown(only, before);
  const npm = await ports.tools.find('npm');
  const usable = before.tools.filter(isUsable).map((tool) => tool.id);
  const available = new Set([...usable, ...(npm && npm.broken === undefined ? ['npm'] : [])]);
  const { steps, advice } = planFix(before, available, ports.files.root, only);
  const nothing = { installed: [], failed: [], advice };
  if (steps.length === 0) return { ...nothing, declined: false, doctor: before };
  const commands = steps.map((step) => step.argv.join(' ')).join('\n');
  const agreed = await ports.approval.confirm(
    `Install into ${TOOLS_BIN}: ${steps.map((s) => s.id).join(', ')}?`,
    commands,
  );
  if (!agreed) return { ...nothing, declined: true, doctor: before };
  const installed: string[] = [];
  const failed: FixReport['failed'][number][] = [];
  for (const step of steps) {
    throwIfCancelled(signal);
    const message = await install(step, ports, options);
    if (message === undefined) installed.push(step.id);
    else failed.push({ id: step.id, command: step.argv.join(' '), message });
  }
  return { installed, failed, advice, declined: false, doctor: await diagnose(needs, ports, signal) };
}

function refuseUnknown(only: readonly string[] | undefined, { tools }: DoctorReport): void {
  const ids = tools.map(({ id }) => id);
  const unknown = only?.filter((id) => !ids.includes(id)) ?? [];
  if (unknown.length === 0) return;
  throw new HumanError(
    'doctor.unknown-tool',
    `Neither this workspace nor the plan needs a tool called ${unknown.join(' or ')}.`,
    `The tools are: ${ids.join(', ')}.`,
  );
}

/** Why it failed; undefined where it worked. */
async function install(step: FixStep, ports: FixPorts, options: FixOptions): Promise<string | undefined> {
  const { signal, onLine } = options;
  await ports.files.makeFolder(TOOLS_BIN);
  const result = await ports.processes.run({
    argv: step.argv,
    cwd: '.',
    env: step.env,
    timeoutMs: INSTALL_MS,
    ...(signal && { signal }),
    ...(onLine && { onLine: (line) => onLine(line) }),
  });
  throwIfCancelled(signal);
  if (result.outcome !== 'exited' || result.exitCode !== 0) return explain(result);
  if (step.rename !== undefined) {
    await ports.files.remove(step.rename.to);
    await ports.files.move(step.rename.from, step.rename.to);
  }
  return undefined;
}

function stepOf(id: string, installer: Installer, root: string, os: System['os']): FixStep {
  const fill = (text: string) => text.replace('{bin}', toolPath(root)).replace('{prefix}', npmPrefix(root, os));
  const suffix = os === 'windows' ? '.exe' : '';
  const env = Object.entries(installer.env ?? {}).map(([name, value]) => [name, fill(value)]);
  return {
    id,
    argv: installer.argv.map(fill),
    env: Object.fromEntries(env),
    ...(installer.leaves && {
      rename: { from: `${TOOLS_BIN}/${installer.leaves}${suffix}`, to: `${TOOLS_BIN}/${id}${suffix}` },
    }),
  };
}

function explain(result: ProcessResult): string {
  if (result.outcome === 'timed-out') return 'It took too long and was stopped.';
  if (result.outcome === 'spawn-failed') return result.failure?.message ?? 'It could not be started.';
  const lines = (result.stderr.trim() || result.stdout.trim()).split('\n');
  return lines.slice(-3).join(' ') || `It failed with exit code ${result.exitCode}.`;
}
