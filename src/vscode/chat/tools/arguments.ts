/** Where the command line has an option for what an input limits. */
const LIMITS = { steps: 'max-steps', repairs: 'max-repairs', tokens: 'max-tokens', minutes: 'minutes' };

type Input = Readonly<Record<string, unknown>>;

/**
 * The command line of an operation that runs programs: the extension host must not stall. Undefined for an
 * operation that is quick enough to run here.
 */
export function childCall(operation: string, input: Input): readonly string[] | undefined {
  switch (operation) {
    case 'check': {
      const name = String(input.name);
      // No check is called so, which the operation itself says best; on a command line it would be an option.
      return name.startsWith('-') ? undefined : ['check', name];
    }
    case 'implement': {
      const { slug, resume, budget = {} } = input;
      const limits = budget as Input;
      const options = Object.entries(LIMITS).flatMap(([key, name]) => option(name, limits[key]));
      // As above: --accept would be what a person decides.
      return String(slug).startsWith('-')
        ? undefined
        : ['implement', String(slug), ...option('resume', resume), ...options];
    }
    case 'verify': {
      if (input.measure === false) return undefined;
      const goals = Array.isArray(input.goals) ? input.goals.map(String) : [];
      const args = [...goals.map((id) => `--goal=${id}`), ...option('task', input.task)];
      return ['verify', ...args, ...(input.force === true ? ['--force'] : [])];
    }
    case 'e2e_run': {
      const { scenario, goal, platform, durationSeconds, replicates, seed } = input;
      const options = { scenario, goal, platform, duration: durationSeconds, replicates, seed };
      const args = Object.entries(options).flatMap(([name, value]) => option(name, value));
      return ['e2e', 'run', ...args];
    }
    default:
      return undefined;
  }
}

/** With `=`, so that a value which begins with a dash stays a value. */
function option(name: string, value: unknown): string[] {
  return value === undefined ? [] : [`--${name}=${String(value)}`];
}
