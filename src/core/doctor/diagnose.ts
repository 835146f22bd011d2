import { throwIfCancelled } from '../base/errors.ts';
import type { FoundProgram, Processes, ProcessResult, System, Tools } from '../ports.ts';
import { installHint } from './hints.ts';
import { type NeededTool, type Needs, neededTools } from './needs.ts';
import type { ToolSpec } from './tool.ts';
import { compareVersions } from './version.ts';

/** A tool that does not tell its version in this time counts as broken. */
const ANSWER_MS = 5_000;

/**
 * `ok`; `missing`; `too-old`; `broken`: found, but cannot be run, fails or hangs; `unverified`: runs, but its version
 * cannot be read; `unsupported`: there is no such tool for this system.
 */
export type ToolStatus = 'ok' | 'missing' | 'too-old' | 'broken' | 'unverified' | 'unsupported';

export interface ToolReport {
  readonly id: string;
  readonly title: string;
  readonly status: ToolStatus;
  readonly path?: string;
  readonly version?: string;
  readonly minimum?: string;
  /** What is wrong, in a sentence. */
  readonly problem?: string;
  readonly required: boolean;
  readonly why: string;
  readonly neededBy: readonly string[];
  readonly commands: readonly string[];
  /** How to install it here; absent where nothing is to be done. */
  readonly install?: string;
}

export interface DoctorReport {
  readonly schemaVersion: 1;
  readonly platform: System;
  readonly tools: readonly ToolReport[];
  readonly ok: boolean;
  /** Ids of required tools that cannot be used. */
  readonly missingRequired: readonly string[];
}

export interface DoctorPorts {
  readonly tools: Tools;
  readonly processes: Processes;
}

/** Looks for each tool that the workspace needs or the plan names, and asks for its version. Throws CancelledError. */
export async function diagnose(needs: Needs, ports: DoctorPorts, signal?: AbortSignal): Promise<DoctorReport> {
  const manager = await packageManager(ports.tools);
  const tools = await Promise.all(neededTools(needs).map((needed) => report(needed, manager, ports, signal)));
  throwIfCancelled(signal);
  const missingRequired = tools.filter((tool) => tool.required && !isUsable(tool)).map((tool) => tool.id);
  return { schemaVersion: 1, platform: ports.tools.system, tools, ok: missingRequired.length === 0, missingRequired };
}

/** An unread version will do only where no version is asked for. */
export function isUsable(tool: ToolReport): boolean {
  return tool.status === 'ok' || (tool.status === 'unverified' && tool.minimum === undefined);
}

const MANAGERS: Readonly<Record<string, string>> = { apt: 'apt-get', dnf: 'dnf', pacman: 'pacman', apk: 'apk' };

/** The package manager that this Linux has. */
async function packageManager(tools: Tools): Promise<string | undefined> {
  if (tools.system.os !== 'linux') return undefined;
  for (const [name, program] of Object.entries(MANAGERS)) {
    const found = await tools.find(program);
    if (found !== undefined && found.broken === undefined) return name;
  }
  return undefined;
}

type Finding = Pick<ToolReport, 'status' | 'path' | 'version' | 'problem'>;

async function report(
  needed: NeededTool,
  manager: string | undefined,
  ports: DoctorPorts,
  signal: AbortSignal | undefined,
): Promise<ToolReport> {
  const { spec, neededBy, required } = needed;
  const { id, title, why, commands, minimum } = spec;
  const { os } = ports.tools.system;
  const isElsewhere = spec.systems !== undefined && !spec.systems.includes(os);
  const finding = isElsewhere ? unsupported(spec, os) : await examine(spec, ports, signal);
  const needsInstall = finding.status !== 'ok' && finding.status !== 'unsupported';
  return {
    id,
    title,
    required,
    why,
    neededBy,
    commands,
    ...(minimum !== undefined && { minimum }),
    ...finding,
    ...(needsInstall && { install: installHint(spec.install, os, manager) }),
  };
}

function unsupported(spec: ToolSpec, os: string): Finding {
  return { status: 'unsupported', problem: `${spec.title} does not exist for ${os}.` };
}

async function examine(spec: ToolSpec, ports: DoctorPorts, signal: AbortSignal | undefined): Promise<Finding> {
  const found = await findAny(spec.programs, ports.tools);
  if (found === undefined) return { status: 'missing', problem: `${spec.programs.join(' or ')} is not on the PATH.` };
  const { path } = found;
  if (found.broken === 'dangling-link')
    return { status: 'broken', path, problem: `${path} is a link that leads nowhere.` };
  if (found.broken === 'not-executable') return { status: 'broken', path, problem: `${path} may not be run.` };
  if (spec.versionArgs === undefined || spec.parse === undefined) return { status: 'ok', path };
  const finding = await askVersion(path, spec.versionArgs, spec.parse, ports.processes, signal);
  if (
    finding.version !== undefined &&
    spec.minimum !== undefined &&
    compareVersions(finding.version, spec.minimum) < 0
  ) {
    return { ...finding, status: 'too-old', problem: `${finding.version} is older than ${spec.minimum}.` };
  }
  if (finding.status !== 'ok' || spec.part === undefined) return finding;
  const part = await askVersion(path, spec.part.args, spec.part.parse, ports.processes, signal);
  if (part.status === 'ok') return { ...finding, version: `${finding.version}, ${spec.part.title} ${part.version}` };
  return {
    ...finding,
    status: 'broken',
    problem: `${spec.part.why}, but "${spec.part.args.join(' ')}" does not work.`,
  };
}

async function findAny(programs: readonly string[], tools: Tools): Promise<FoundProgram | undefined> {
  const found = await Promise.all(programs.map((program) => tools.find(program)));
  const present = found.filter((program) => program !== undefined);
  return present.find((program) => program.broken === undefined) ?? present[0];
}

async function askVersion(
  path: string,
  args: readonly string[],
  parse: (output: string) => string | undefined,
  processes: Processes,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const argv = [path, ...args];
  const result = await processes.run({ argv, cwd: '.', timeoutMs: ANSWER_MS, ...(signal && { signal }) });
  const failure = failureOf(result, argv.join(' '));
  if (failure !== undefined) return { status: 'broken', path, problem: failure };
  const version = parse(result.stdout) ?? parse(result.stderr);
  if (version !== undefined) return { status: 'ok', path, version };
  const said = firstLine(result.stdout) || firstLine(result.stderr) || 'nothing';
  return { status: 'unverified', path, problem: `Its version cannot be read. "${argv.join(' ')}" says: ${said}` };
}

function failureOf(result: ProcessResult, command: string): string | undefined {
  const said = firstLine(result.stderr) || firstLine(result.stdout);
  const because = said === '' ? '.' : `: ${said}`;
  switch (result.outcome) {
    case 'timed-out':
      return `"${command}" did not answer within ${ANSWER_MS / 1000} seconds.`;
    case 'spawn-failed':
      return `"${command}" could not be started: ${result.failure?.message ?? 'unknown reason'}`;
    case 'cancelled':
    case 'signalled':
      return `"${command}" was ended${result.signalName ? ` by ${result.signalName}` : ''}${because}`;
    case 'exited':
      return result.exitCode === 0 ? undefined : `"${command}" failed with exit code ${result.exitCode}${because}`;
  }
}

const LINE_LIMIT = 200;

/** The first line with something printable in it; control characters of a garbled tool stay out of the terminal. */
function firstLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '').trim());
  return (lines.find((line) => line !== '') ?? '').slice(0, LINE_LIMIT);
}
