import { nameOf } from '../project/layout.ts';

/** Code of others, and files that are wrong on purpose: nothing in them is a claim of this repository. */
const LEFT_OUT =
  /(?:^|\/)(?:node_modules|vendor|third_party|testdata|fixtures|__fixtures__|goldens?|__snapshots__|\.git|\.infrabuilder|\.venv|venv|__pycache__|target|dist)\//;

const DOCUMENT = /\.(?:md|markdown|mdx)$/i;
const WORDS =
  '(?:results?|reports?|status|summary|validation|verification|completion|progress|metrics|benchmarks?|final|checklist|milestones|coverage|integration)';
const RESULT_NAME = new RegExp(`(?:^|[_\\-. ])${WORDS}(?:[_\\-. ].*)?\\.\\w+$`, 'i');
const RESULT_FOLDER = /(?:^|\/)(?:reports?|results?)\//i;
/** What is to be: conditions, plans and instructions claim nothing. */
const NORM =
  /(?:^|\/)(?:[^/]*blueprint[^/]*|adr[-_ ]?\d[^/]*|[^/]*(?:^|[_\-/])(?:plan|arch|design|spec|requirements|style|proposal)|agents|claude|gemini|skill|contributing|code_of_conduct|security|[^/]*template[^/]*|[^/]*runbook[^/]*|license)\.\w+$|(?:^|\/)(?:adr|adrs|decisions|templates|specs|\.github|\.claude|\.cursor|prompts)\//i;

export type DocumentKind = 'result' | 'prose' | 'norm';

/** Whether a path is looked at at all. */
export function isLookedAt(path: string): boolean {
  return !LEFT_OUT.test(path);
}

/** What the sentences of a document are: claims of results, prose that may claim, or norms. Undefined for other files. */
export function documentKind(path: string): DocumentKind | undefined {
  if (!DOCUMENT.test(path)) return undefined;
  if (NORM.test(path)) return 'norm';
  return RESULT_NAME.test(nameOf(path)) || RESULT_FOLDER.test(path) ? 'result' : 'prose';
}

const SCRIPT = /\.(?:sh|bash|zsh|ksh|bats)$/;
const MAKEFILE = /(?:^|\/)(?:GNUm|m|M)akefile$|\.mk$/;
const CI =
  /(?:^|\/)\.github\/(?:workflows|actions)\/.+\.ya?ml$|(?:^|\/)\.gitlab-ci\.ya?ml$|(?:^|\/)\.circleci\/config\.ya?ml$|(?:^|\/)(?:azure-pipelines|bitbucket-pipelines|\.travis|\.drone)\.ya?ml$/;
const PROGRAM_SCRIPT = /\.(?:py|[cm]?js|ts|rb|pl)$/;

export type ScriptKind = 'shell' | 'make' | 'ci' | 'program' | 'package';

/** How commands stand in a file; `program` for scripts in a language of their own. Undefined for other files. */
export function scriptKind(path: string): ScriptKind | undefined {
  if (SCRIPT.test(path)) return 'shell';
  if (MAKEFILE.test(path)) return 'make';
  if (CI.test(path)) return 'ci';
  if (nameOf(path) === 'package.json') return 'package';
  return PROGRAM_SCRIPT.test(path) && !isTest(path) ? 'program' : undefined;
}

const SOURCE = /\.(?:go|[cm]?[jt]sx?|py|java|kt|rs|c|cc|cpp|h|hpp|cs|rb|php|scala|swift|proto|sql|s)$/;
const TEST =
  /_test\.go$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$|(?:^|\/)src\/test\/|_test\.rb$|Tests?\.(?:java|kt|cs)$/;

export function isSource(path: string): boolean {
  return SOURCE.test(path);
}

export function isTest(path: string): boolean {
  return TEST.test(path);
}

const LOG = /\.(?:log|out|trace|prof)$/;
const RECORD = /\.(?:txt|json|jsonl|csv|tsv|xml|ya?ml|dat)$/;
const RECORD_FOLDER = /(?:^|\/)(?:results?|reports?|logs?|outputs?|artifacts?)\//i;
const RECORD_NAME =
  /(?:^|[_\-.])(?:results?|metrics|bench(?:mark)?s?|outputs?|summary|coverage|junit|reports?|measurements?|validation)(?:[_\-.]|$)/i;
/** What others are compared with is kept on purpose. */
const REFERENCE =
  /baseline|golden|expected|fixture|corpus|reference|schema|config|package(?:-lock)?\.json$|requirements[^/]*\.txt$|CMakeLists\.txt$/i;

/** Output of a run that somebody may keep: logs, results, reports. */
export function isRecording(path: string): boolean {
  if (REFERENCE.test(nameOf(path))) return false;
  if (LOG.test(path)) return true;
  if (DOCUMENT.test(path)) return documentKind(path) === 'result';
  if (!RECORD.test(path)) return false;
  return RECORD_FOLDER.test(path) || RECORD_NAME.test(nameOf(path));
}
