import { HumanError } from '../base/errors.ts';

/** Tells a process which checks it was started by: one `name root` a line, outermost first. */
export const CHECK_VARIABLE = 'INFRABUILDER_CHECK';

type Environment = Readonly<Record<string, string | undefined>>;

/** What to add to the environment of the program that runs check `name` of the workspace at `root`. */
export function checkEnvironment(env: Environment, name: string, root: string): Record<string, string> {
  const outer = env[CHECK_VARIABLE];
  return { [CHECK_VARIABLE]: outer ? `${outer}\n${name} ${root}` : `${name} ${root}` };
}

/**
 * Throws HumanError `check.recursion` where check `name` of this workspace was started by itself, as
 * `lint: {run: [make, lint]}` does with a Makefile whose target `lint` runs `infrabuilder check lint`.
 */
export function refuseRecursion(env: Environment, name: string, root: string): void {
  const chain = (env[CHECK_VARIABLE] ?? '').split('\n');
  if (!chain.includes(`${name} ${root}`)) return;
  throw new HumanError(
    'check.recursion',
    `Check "${name}" runs a program that starts check "${name}" again.`,
    `In infrabuilder.yaml let checks.${name}.run name the tool itself (for example [golangci-lint, run, ./...]), or let the Makefile target call the tool instead of infrabuilder.`,
  );
}
