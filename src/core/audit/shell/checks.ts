const PREFIX = String.raw`^(?:[({]\s*|(?:if|while|until|then|else|do|!|time|sudo|exec|command|nohup)\s+|timeout\s+\S+\s+|env\s+|npx\s+(?:-\S+\s+)*|\w+=(?:"[^"]*"|'[^']*'|\S*)\s+)*`;
const VERIFYING = '(?:test|spec|lint|check|verify|verif|validat|harness|integration|e2e|conformance)';
const TOOLS: readonly string[] = [
  String.raw`go\s+(?:test|vet|build)`,
  'golangci-lint',
  'staticcheck',
  String.raw`npm\s+(?:test|t|run(?:-script)?\s+[\w:.-]*${VERIFYING}[\w:.-]*)`,
  String.raw`(?:yarn|pnpm|bun)\s+(?:run\s+)?[\w:.-]*${VERIFYING}[\w:.-]*`,
  'pytest|tox|nox|jest|vitest|mocha|ctest|bats|eslint|mypy|flake8|shellcheck|tsc',
  String.raw`biome\s+(?:check|ci|lint)`,
  String.raw`ruff\s+check`,
  String.raw`python3?\s+-m\s+(?:pytest|unittest|mypy|flake8|py_compile)`,
  String.raw`cargo\s+(?:test|clippy|build|check)`,
  String.raw`(?:mvn|gradle|\.\/gradlew|\.\/mvnw)\s`,
  String.raw`(?:\$[({]MAKE[)}]|g?make)\s+(?:\S+\s+)*[\w.-]*(?:${VERIFYING}|build)[\w.-]*`,
  String.raw`buf\s+(?:breaking|lint)`,
  String.raw`(?:\S*\/)?infrabuilder\s+(?:verify|check|validate|audit|conformance|e2e)`,
  String.raw`(?:(?:ba|z|k)?sh\s+|\.\/|\S*\/)[\w./-]*(?:${VERIFYING}|checkpoint)[\w.-]*\.(?:sh|py|bats)`,
];
const CHECK = new RegExp(`${PREFIX}(?:${TOOLS.join('|')})(?![\\w.-]*[=:])(?=\\s|$|[;)"'])`);

/** Whether a command gives a verdict by its exit code: tests, linters, compilers, validators. */
export function isCheck(command: string): boolean {
  return CHECK.test(command.trim());
}

const PASS_WORDS = /✅|✔|🎉|\b(?:PASS(?:ED)?|OK|SUCCESS(?:FUL)?|GREEN)\b|\b(?:passed|succeeded|all good|verified)\b/;
const FAIL_WORDS = /❌|✗|✘|\b(?:FAIL(?:ED|URE)?|ERROR)\b|\b(?:failed|failure|error)\b|>&2/;

/** A line that tells a person that all is well. */
export function printsPass(command: string): boolean {
  return (
    /^(?:echo|printf|say|log\w*|info)\b/.test(command.trim()) && PASS_WORDS.test(command) && !FAIL_WORDS.test(command)
  );
}
