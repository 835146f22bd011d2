import { posix } from 'node:path';
import type { System } from '../../ports.ts';
import { folderOf } from '../../project/layout.ts';
import { goModules } from '../findings/source.ts';
import type { Repository } from '../repository.ts';
import { type Build, located, type Place, placeBy } from './build.ts';

/** A command line has a longest length. */
const FILES_AT_ONCE = 200;
/** The same check as py_compile, without leaving caches behind. */
const PYTHON = 'import sys\nfor p in sys.argv[1:]:\n  compile(open(p, "rb").read(), p, "exec")';
/** Packages that neither lack a dependency nor import what is not there. */
const WHOLE = '{{if not .DepsErrors}}{{if not .Error}}{{.ImportPath}}{{end}}{{end}}';

const GO_DEPENDENCY =
  '(?!no required module|cannot find module|missing go\\.sum|module lookup|package \\S+ is not in|could not import)';
const GO_ERROR = new RegExp(
  `^(?:vet: )?((?:\\.{1,2}[\\\\/])?[^\\s:#][^:\\n]*\\.go):(\\d+)(?::\\d+)?: ${GO_DEPENDENCY}(.+)$`,
  'm',
);
/** What vet finds beside errors of the compiler is advice. */
const VET_ERROR = new RegExp(
  `^vet: ((?:\\.{1,2}[\\\\/])?[^\\s:#][^:\\n]*\\.go):(\\d+)(?::\\d+)?: ${GO_DEPENDENCY}(.+)$`,
  'm',
);
/** Modules and types that are not installed are no error of the source. */
const SCRIPT_ERROR = /^([^\s(][^(\n]*\.[cm]?tsx?)\((\d+),\d+\): error (?!TS2307|TS2688|TS7016|TS2580|TS2591)(.+)$/m;

/** The builds of each part of the source; of one part the later ones are for where the earlier ones hold. */
export function buildsOf(repository: Repository, system: System): Build[][] {
  return [...goBuilds(repository, system), ...scriptBuilds(repository), ...pythonBuilds(repository, system)];
}

function goBuilds(repository: Repository, { os }: System): Build[][] {
  const sink = os === 'windows' ? 'NUL' : '/dev/null';
  const list = ['go', 'list', '-e', '-f', WHOLE, './...'];
  const build = ['go', 'build', '-o', sink];
  return goModules(repository).map(({ folder: cwd }): Build[] => [
    {
      argv: [...build, './...'],
      shown: 'go build ./...',
      cwd,
      place: (output) => placeBy(GO_ERROR, output, cwd),
      partly: { argv: list, rest: (packages) => [...build, ...packages] },
    },
    { argv: ['go', 'vet', './...'], shown: 'go vet ./...', cwd, place: (output) => placeBy(VET_ERROR, output, cwd) },
  ]);
}

/** Projects whose package names a compiler; whether it is installed is seen when it is run. */
function scriptBuilds(repository: Repository): Build[][] {
  return repository.paths
    .filter((path) => /(?:^|\/)tsconfig\.json$/.test(path) && namesCompiler(repository, folderOf(path)))
    .map((path) => {
      const cwd = folderOf(path);
      const argv = ['npx', '--no-install', 'tsc', '--noEmit', '-p', 'tsconfig.json'];
      return [{ argv, shown: 'tsc --noEmit', cwd, place: (output) => placeBy(SCRIPT_ERROR, output, cwd) }];
    });
}

function namesCompiler({ read }: Repository, folder: string): boolean {
  for (let at = folder; ; at = folderOf(at)) {
    if (/"typescript"\s*:/.test(read(posix.join(at, 'package.json')) ?? '')) return true;
    if (at === '.') return false;
  }
}

function pythonBuilds({ paths }: Repository, { os }: System): Build[][] {
  const files = paths.filter((path) => path.endsWith('.py'));
  const program = os === 'windows' ? 'python' : 'python3';
  const builds: Build[][] = [];
  for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
    const argv = [program, '-c', PYTHON, ...files.slice(at, at + FILES_AT_ONCE)];
    builds.push([{ argv, shown: `${program} -m py_compile`, cwd: '.', place: pythonPlace }]);
  }
  return builds;
}

function pythonPlace(output: string): Place | undefined {
  const last = [...output.matchAll(/^\s+File "([^"<]+\.py)", line (\d+)/gm)].at(-1);
  const message = /^(\w*Error: .+)$/m.exec(output)?.[1];
  if (last === undefined || message === undefined) return undefined;
  return { location: located(last[1] ?? '', Number(last[2]), '.'), message };
}
