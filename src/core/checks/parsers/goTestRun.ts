import type { TestCounts } from '../../model/check.ts';
import { linesOf } from './parser.ts';

export type GoOutcome = 'pass' | 'fail' | 'skip';

export interface GoTest {
  outcome: GoOutcome | undefined;
  /** What it printed; thrown away when it passes. */
  output: string;
}

export interface GoPackage {
  readonly path: string;
  outcome: GoOutcome | undefined;
  /** What it printed outside of tests. */
  output: string;
  readonly tests: Map<string, GoTest>;
  /** `[no tests to run]`: no test matched. */
  noMatch: boolean;
  noTestFiles: boolean;
  /** `[build failed]`, `[setup failed]`: there was nothing to run. */
  broken: boolean;
  /** Percent of statements; `whole` when it is of all packages (-coverpkg), not of this one. */
  coverage: { readonly percent: number; readonly whole: boolean } | undefined;
}

interface GoEvent {
  readonly Action: string;
  readonly Package?: string;
  readonly ImportPath?: string;
  readonly Test?: string;
  readonly Output?: string;
}

const NEW_TEST = /^=== (?:RUN|NAME|CONT|PAUSE)\s+(\S.*)$/;
const TEST_END = /^\s*--- (PASS|FAIL|SKIP): (.+) \(\d[\d.]*s\)$/;
const PACKAGE_END = /^(ok|FAIL|\?)\s*\t(\S+)(?:\s+(.*))?$/;
const UNTESTED_WITH_COVER = /^()\t(\S+)\t\t(coverage: .*)$/;
const COVERAGE = /coverage: (\d+(?:\.\d+)?)% of statements( in )?/;
const BUILD_HEADER = /^# (\S+)(?: \[\S+\])?$/;
const BUILD_LINE = /^\t|^(?:vet: )?\S.*?\.go:\d+(?::\d+)?: |^# \[|too many errors$/;

/** Adds up the output of `go test`, line by line: the JSON of `-json`, the plain format, and both mixed with other text. */
export class GoTestRun {
  readonly packages = new Map<string, GoPackage>();
  /** Compiler and vet output by import path. */
  readonly builds = new Map<string, string>();
  /** True when the format names the tests that passed, not only those that failed. */
  namesTests = false;
  #counts = { pass: 0, fail: 0, skip: 0 };
  #pending = emptyPackage('');
  #test: GoTest | undefined;
  #build: string | undefined;

  /** Reads a finished run. */
  static of(...outputs: string[]): GoTestRun {
    const run = new GoTestRun();
    for (const output of outputs) {
      for (const line of linesOf(output)) run.add(line);
      run.end();
    }
    return run;
  }

  /** Tests and subtests so far, each by its worst outcome. */
  get counts(): TestCounts {
    return { passed: this.#counts.pass, failed: this.#counts.fail, skipped: this.#counts.skip };
  }

  add(line: string): void {
    // Inside a test of the plain format a line that looks like an event is only something that the test prints.
    const event = line.startsWith('{') && this.#test === undefined ? goEvent(line) : undefined;
    if (event === undefined) this.#plain(line);
    else this.#event(event);
  }

  /** The end of a stream: what follows belongs to no test that was open. */
  end(): void {
    this.#build = undefined;
    this.#test = undefined;
    // Without a closing line the package never finished: its tests still count, under no name.
    if (this.#pending.tests.size > 0) {
      this.packages.set('', this.#pending);
      this.#finish(this.#pending, 'fail');
    }
    this.#pending = emptyPackage('');
  }

  #event({ Action, Package, ImportPath, Test, Output = '' }: GoEvent): void {
    if (Action === 'build-output') this.#addBuild(ImportPath ?? '', Output);
    if (Package === undefined) return;
    this.namesTests = true;
    const goPackage = this.#package(Package);
    const outcome = Action === 'pass' || Action === 'fail' || Action === 'skip' ? Action : undefined;
    if (Test !== undefined && !Test.startsWith('Benchmark')) {
      const test = this.#testOf(goPackage, Test);
      if (Action === 'output') test.output += Output;
      if (outcome !== undefined) this.#close(test, outcome);
    } else if (Action === 'output') {
      goPackage.output += Output;
      for (const line of linesOf(Output)) notePackageLine(goPackage, line);
    } else if (outcome !== undefined && Test === undefined) {
      this.#finish(goPackage, outcome);
    } else if (Action === 'fail') {
      goPackage.output += `--- FAIL: ${Test}\n`;
    }
  }

  #plain(line: string): void {
    const end = PACKAGE_END.exec(line) ?? UNTESTED_WITH_COVER.exec(line);
    const header = this.#test === undefined ? BUILD_HEADER.exec(line) : null;
    if (end !== null) this.#closePackage(line, end);
    else if (header !== null) this.#build = header[1];
    else if (this.#build !== undefined && BUILD_LINE.test(line)) this.#addBuild(this.#build, `${line}\n`);
    else this.#testLine(line);
  }

  #testLine(line: string): void {
    this.#build = undefined;
    const begun = NEW_TEST.exec(line)?.[1];
    const [, word, ended] = TEST_END.exec(line) ?? [];
    if (begun !== undefined) {
      this.namesTests = true;
      this.#test = this.#testOf(this.#pending, begun);
    } else if (ended !== undefined) {
      this.#test = this.#testOf(this.#pending, ended);
      this.#close(this.#test, word === 'PASS' ? 'pass' : word === 'SKIP' ? 'skip' : 'fail');
    } else if (line === 'PASS' || line === 'FAIL') {
      this.#test = undefined;
    } else if (this.#test !== undefined) {
      this.#test.output += `${line}\n`;
    } else {
      this.#pending.output += `${line}\n`;
    }
  }

  #closePackage(line: string, [, status = '', path = '']: readonly string[]): void {
    const known = this.packages.get(path);
    const open = { ...this.#pending, path };
    const goPackage = known ?? open;
    for (const text of linesOf(open.output)) notePackageLine(goPackage, text);
    notePackageLine(goPackage, line);
    this.packages.set(path, goPackage);
    this.#finish(goPackage, status === 'ok' ? 'pass' : status === 'FAIL' ? 'fail' : 'skip');
    this.#pending = emptyPackage('');
    this.#test = undefined;
    this.#build = undefined;
  }

  #addBuild(importPath: string, text: string): void {
    const path = importPath.replace(/ \[.*$/, '');
    this.builds.set(path, (this.builds.get(path) ?? '') + text);
  }

  #package(path: string): GoPackage {
    const found = this.packages.get(path) ?? emptyPackage(path);
    this.packages.set(path, found);
    return found;
  }

  #testOf(goPackage: GoPackage, name: string): GoTest {
    const found = goPackage.tests.get(name) ?? { outcome: undefined, output: '' };
    goPackage.tests.set(name, found);
    return found;
  }

  /** What was still open when its package failed was ended by a panic, a time-out or an exit. */
  #finish(goPackage: GoPackage, outcome: GoOutcome): void {
    goPackage.outcome = outcome;
    if (outcome !== 'fail') return;
    for (const test of goPackage.tests.values()) if (test.outcome === undefined) this.#close(test, 'fail');
  }

  /** A test that runs several times (-count) keeps its worst outcome. */
  #close(test: GoTest, outcome: GoOutcome): void {
    if (test.outcome === 'fail') return;
    if (test.outcome !== undefined) this.#counts[test.outcome]--;
    this.#counts[outcome]++;
    test.outcome = outcome;
    if (outcome === 'pass') test.output = '';
  }
}

function emptyPackage(path: string): GoPackage {
  return {
    path,
    outcome: undefined,
    output: '',
    tests: new Map(),
    noMatch: false,
    noTestFiles: false,
    broken: false,
    coverage: undefined,
  };
}

function notePackageLine(goPackage: GoPackage, line: string): void {
  const coverage = COVERAGE.exec(line);
  if (coverage !== null) goPackage.coverage = { percent: Number(coverage[1]), whole: coverage[2] !== undefined };
  if (line.includes('[no tests to run]')) goPackage.noMatch = true;
  if (line.includes('[no test files]') || UNTESTED_WITH_COVER.test(line)) goPackage.noTestFiles = true;
  if (/ \[(?:build|setup) failed\]$/.test(line)) goPackage.broken = true;
}

function goEvent(line: string): GoEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent =
      typeof value === 'object' && value !== null && 'Action' in value && typeof value.Action === 'string';
    return isEvent ? (value as GoEvent) : undefined;
  } catch {
    return undefined;
  }
}
