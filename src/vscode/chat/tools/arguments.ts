/** What a call is run with in a process of its own, and how its result comes back. */
export interface ChildCall {
  readonly args: readonly string[];
  /** `events`: progress and result as JSON lines; `json`: one JSON text. */
  readonly result: 'events' | 'json';
}

type Input = Readonly<Record<string, unknown>>;

/**
 * The command line of an operation that runs programs or reads a whole source tree: the extension host must not stall.
 * Undefined for an operation that is quick enough to run here.
 */
export function childCall(operation: string, input: Input): ChildCall | undefined {
  switch (operation) {
    case 'check':
      return { args: ['check', '--', String(input.name)], result: 'events' };
    case 'verify': {
      if (input.measure === false) return undefined;
      const goals = Array.isArray(input.goals) ? input.goals.map(String) : [];
      const args = [...goals.map((id) => `--goal=${id}`), ...option('task', input.task)];
      return { args: ['verify', ...args, ...(input.force === true ? ['--force'] : [])], result: 'events' };
    }
    case 'e2e_run': {
      const { scenario, goal, platform, durationSeconds, replicates, seed } = input;
      const options = { scenario, goal, platform, duration: durationSeconds, replicates, seed };
      const args = Object.entries(options).flatMap(([name, value]) => option(name, value));
      return { args: ['e2e', 'run', ...args], result: 'events' };
    }
    case 'conformance':
      return { args: ['conformance', '--json'], result: 'json' };
    default:
      return undefined;
  }
}

/** With `=`, so that a value which begins with a dash stays a value. */
function option(name: string, value: unknown): string[] {
  return value === undefined ? [] : [`--${name}=${String(value)}`];
}
