import { foldedPath } from './path.ts';

/** A kind of file that a model may not write, wherever it lies. Patterns are matched against folded paths. */
export interface Protected {
  readonly code: string;
  readonly pattern: RegExp;
  /** Completes "X is ...". */
  readonly what: string;
}

const at = (source: string) => new RegExp(`(?:^|/)(?:${source})`);

/** The first that matches names the refusal. */
export const PROTECTED: readonly Protected[] = [
  { code: 'guard.internal', pattern: at('\\.infrabuilder(?:/|$)'), what: 'state of InfraBuilder' },
  {
    code: 'guard.instructions',
    pattern: at(
      '(?:agents|claude|gemini|skill|copilot-instructions)\\.md$|[^/]*\\.instructions\\.md$|\\.cursor[^/]*(?:/|$)|\\.windsurf[^/]*(?:/|$)|\\.mcp\\.json$',
    ),
    what: 'instructions for agents',
  },
  {
    code: 'guard.ci',
    pattern: at(
      '\\.github/|\\.ci/|\\.circleci/|\\.gitlab-ci\\.ya?ml$|\\.travis\\.yml$|\\.drone\\.yml$|jenkinsfile[^/]*$|azure-pipelines[^/]*\\.ya?ml$|buildkite[^/]*\\.ya?ml$',
    ),
    what: 'a definition of continuous integration',
  },
  { code: 'guard.git', pattern: at('\\.git[^/]*(?:/|$)'), what: "git's own" },
  {
    code: 'guard.editor',
    pattern: at('\\.vscode/|\\.idea/|\\.editorconfig$|[^/]*\\.code-workspace$'),
    what: 'a setting of an editor',
  },
  {
    code: 'guard.linter',
    pattern: at(
      '\\.golangci\\.[^/]*$|\\.eslint[^/]*$|eslint\\.config\\.[^/]*$|biome\\.jsonc?$|\\.prettier[^/]*$|ruff\\.toml$|\\.ruff\\.toml$|\\.flake8$|\\.pylintrc$|mypy\\.ini$|\\.mypy\\.ini$|clippy\\.toml$|\\.clippy\\.toml$|rustfmt\\.toml$|\\.rustfmt\\.toml$|checkstyle[^/]*\\.xml$|\\.clang-(?:tidy|format)$|staticcheck\\.conf$|buf[^/]*\\.yaml$|buf\\.lock$',
    ),
    what: 'a setting of a linter',
  },
  {
    code: 'guard.test-runner',
    pattern: at(
      'conftest\\.py$|pytest\\.ini$|tox\\.ini$|setup\\.cfg$|noxfile\\.py$|\\.mocharc[^/]*$|(?:jest|vitest|karma|playwright|cypress)\\.config\\.[^/]*$|\\.nycrc[^/]*$|\\.coveragerc$',
    ),
    what: 'a setting of a test runner',
  },
  {
    code: 'guard.rules',
    pattern: at('conformance(?:\\.[^/]*)?\\.(?:ya?ml|json)$|infrabuilder\\.ya?ml$|blueprint_tasks\\.ya?ml$'),
    what: 'what decides about passing',
  },
  { code: 'guard.scenario', pattern: at('scenarios/[^/]+\\.ya?ml$'), what: 'a scenario' },
  {
    code: 'guard.blueprint',
    pattern: at('[^/]*blueprint[^/]*\\.md$|adr[-_ ]?\\d[^/]*\\.md$|(?:adr|decisions|deviations)/'),
    what: 'blueprint, decision or deviation',
  },
  {
    code: 'guard.module-file',
    pattern: at(
      'go\\.(?:mod|sum|work|work\\.sum)$|package\\.json$|package-lock\\.json$|npm-shrinkwrap\\.json$|yarn\\.lock$|pnpm-[^/]*\\.yaml$|bun\\.lockb?$|\\.npmrc$|tsconfig[^/]*\\.json$|cargo\\.(?:toml|lock)$|\\.cargo/|rust-toolchain[^/]*$|pyproject\\.toml$|setup\\.py$|requirements[^/]*\\.txt$|poetry\\.lock$|pdm\\.lock$|uv\\.lock$|pipfile(?:\\.lock)?$|pom\\.xml$|build\\.gradle[^/]*$|settings\\.gradle[^/]*$|gradle\\.(?:properties|lockfile)$|gradle/|gemfile(?:\\.lock)?$|composer\\.(?:json|lock)$|[^/]*\\.(?:csproj|sln|props|targets)$',
    ),
    what: 'a module file: it decides what is built and with which dependencies',
  },
  {
    code: 'guard.build-script',
    pattern: at(
      '(?:gnu)?makefile[^/]*$|[^/]*\\.mk$|justfile$|taskfile[^/]*\\.ya?ml$|dockerfile[^/]*$|docker-compose[^/]*\\.ya?ml$|cmakelists\\.txt$|build\\.rs$|build(?:\\.bazel)?$|workspace(?:\\.bazel)?$|rakefile$|magefile[^/]*\\.go$|[^/]*\\.(?:sh|bash|zsh|bat|cmd|ps1)$',
    ),
    what: 'a build file or a script, which checks may run',
  },
  {
    code: 'guard.test-data',
    pattern: at('(?:testdata|fixtures?|goldens?|__snapshots__|__fixtures__)/|[^/]*\\.(?:golden|snap)(?:\\.[^/]*)?$'),
    what: 'test data',
  },
  {
    code: 'guard.generated',
    pattern: at(
      '[^/]*(?:\\.pb(?:\\.gw)?\\.go|_pb2(?:_grpc)?\\.pyi?|\\.pb\\.(?:cc|h)|_generated\\.[^/]+|\\.gen\\.[^/]+)$',
    ),
    what: 'generated',
  },
  { code: 'guard.vendor', pattern: at('(?:vendor|node_modules|third_party)/'), what: 'code of somebody else' },
  { code: 'guard.hidden', pattern: at('\\.[^/]'), what: 'a hidden file' },
];

const TEST =
  /_test\.(?:go|py|cc|cpp|cxx|c|exs|dart|rb)$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)test_[^/]*\.py$|(?:^|\/)(?:tests?|__tests__|benches|spec)\//;
const TEST_CLASS = /(?:Tests?|IT|Spec)\.(?:java|kt|cs|scala)$/;

/** Tests by the conventions of the languages that are known here. */
export function isTestPath(path: string): boolean {
  return TEST.test(foldedPath(path)) || TEST_CLASS.test(path);
}
