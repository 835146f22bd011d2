import { arch, cpus, release, totalmem, type } from 'node:os';
import type { Machine, Processes } from '../core/ports.ts';

/** Only programs that are known to answer are asked: another one might do something. */
const TOOLS = ['buf', 'golangci-lint', 'git', 'make', 'node', 'npm', 'python3', 'cargo', 'mvn', 'cmake'];
const ASKED = new Map<string, readonly string[]>(TOOLS.map((program) => [program, ['--version']]));
ASKED.set('go', ['version']);
const TIMEOUT_MS = 10_000;

/** The Machine port. Versions are asked once for each program. */
export function createMachine(processes: Processes): Machine {
  const known = new Map<string, Promise<string | undefined>>();

  async function ask(program: string): Promise<string | undefined> {
    const words = ASKED.get(program);
    if (words === undefined) return undefined;
    const result = await processes.run({ argv: [program, ...words], cwd: '.', timeoutMs: TIMEOUT_MS });
    if (result.outcome !== 'exited' || result.exitCode !== 0) return undefined;
    const line = (result.stdout.trim() || result.stderr.trim()).split(/\r?\n/)[0]?.trim();
    return line === '' ? undefined : line;
  }

  return {
    async facts() {
      const processors = cpus();
      return {
        os: type(),
        release: release(),
        arch: arch(),
        cpu: processors[0]?.model.trim() ?? 'unknown',
        cores: processors.length,
        memory: totalmem(),
      };
    },
    async versions(programs) {
      const found: [string, string][] = [];
      for (const program of new Set(programs)) {
        const asked = known.get(program) ?? ask(program);
        known.set(program, asked);
        const version = await asked;
        if (version !== undefined) found.push([program, version]);
      }
      return Object.fromEntries(found);
    },
  };
}
